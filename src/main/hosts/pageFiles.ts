/** Finds the built pages by the path of an address; nothing outside their folder is ever read. */
import { readFile } from 'node:fs/promises'
import { extname, isAbsolute, join, relative } from 'node:path'

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export type PageFile = {
  bytes: Buffer<ArrayBuffer>
  contentType: string
  /** Its name carries a hash of its content, so it may be kept for ever. */
  isHashed: boolean
}

/**
 * @param pagesDir folder of the built pages.
 * @param address an absolute URL, whose path is decoded once.
 * @returns `undefined` for what is no page: other kinds of files, folders, and all that lies elsewhere.
 */
export async function findPage(pagesDir: string, address: string): Promise<PageFile | undefined> {
  try {
    const path = decodeURIComponent(new URL(address).pathname)
    const file = join(pagesDir, path === '/' ? 'index.html' : path)
    const inside = relative(pagesDir, file)
    const contentType = contentTypes[extname(file)]
    if (contentType === undefined || inside.startsWith('..') || isAbsolute(inside)) return undefined
    return { bytes: await readFile(file), contentType, isHashed: /^assets[\\/]/.test(inside) }
  } catch {
    // No such file, a folder, or an address that cannot be decoded.
    return undefined
  }
}
