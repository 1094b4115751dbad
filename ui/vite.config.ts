//! How the window's pages are built and tested.
//! Invariant: the in-memory fake is compiled in only for `dev`, tests and `--mode fake`.
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ command, mode }) => ({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __FAKE_ALLOWED__: JSON.stringify(command === 'serve' || mode === 'fake'),
    __VUE_PROD_DEVTOOLS__: 'false',
  },
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
  build: {
    target: 'es2022',
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
}))
