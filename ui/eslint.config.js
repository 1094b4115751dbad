//! What the linter refuses, besides type errors.
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'dist-fake', 'node_modules', 'src/bridge/generated.ts', 'screenshots'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: ts.parser },
    },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'error',
      'vue/max-lines-per-block': ['error', { template: 120, script: 150, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text from records is never markup.' },
        { property: 'outerHTML', message: 'Text from records is never markup.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@tauri-apps/*'], message: 'Only src/bridge talks to the shell.' }],
        },
      ],
    },
  },
  {
    files: ['**/*.{mjs,js}'],
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
    },
  },
  { files: ['src/bridge/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['scripts/**', 'tests/browser/**', '*.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  { files: ['**/*.test.ts', 'src/bridge/fake/**'], rules: { 'max-lines-per-function': 'off' } },
  prettier,
)
