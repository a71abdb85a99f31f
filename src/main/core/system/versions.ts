/** Versions of the libraries that touch numbers or files; stored with every result and shown by `parallax doctor`. */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Versions of Node and the native libraries in use. */
export function libraryVersions(): Record<string, string> {
  const sharp = require('sharp') as { versions: Record<string, string> }
  const sqlite = require('better-sqlite3/package.json') as { version: string }
  const onnxruntime = require('onnxruntime-node/package.json') as { version: string }
  return {
    node: process.versions.node,
    'onnxruntime-node': onnxruntime.version,
    sharp: sharp.versions.sharp,
    libvips: sharp.versions.vips,
    'better-sqlite3': sqlite.version,
  }
}
