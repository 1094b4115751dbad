// @vitest-environment node
//! The product holds nothing of the in-memory company, and asks nothing of the network for a font.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { build } from 'vite'

function texts(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return texts(path)
    return /\.(js|css|html)$/.test(name) ? [readFileSync(path, 'utf8')] : []
  })
}

it('the product is built without the fake', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantian-ui-'))
  try {
    await build({
      mode: 'production',
      logLevel: 'silent',
      build: { outDir: folder, emptyOutDir: true },
    })
    const all = texts(folder).join('\n')
    expect(all).toContain('蓝天报装')
    expect(all).toContain('__TAURI_INTERNALS__')
    for (const canary of ['示例餐饮店', '幸福里', 'fake-drafts', 'manager1', '22222222-0000-7000'])
      expect(all, canary).not.toContain(canary)
    expect(all).not.toMatch(/@font-face|fonts\.g/)
    expect(all).not.toMatch(/url\(["']?https?:/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
