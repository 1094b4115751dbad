//! Serves the pages that were built with the in-memory company, on a free port of this machine.
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Serves `folder`; answers the address and how to stop. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://local').pathname).replace(
      /^([.\\/])+/,
      '',
    )
    const file = join(folder, path || 'index.html')
    if (!existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  await new Promise((then) => server.listen(0, '127.0.0.1', then))
  const { port } = server.address()
  return { url: `http://127.0.0.1:${port}/`, stop: () => new Promise((then) => server.close(then)) }
}
