/** A small manifest of made-up weights, and folders to put them in. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  manifest as ownManifest,
  parseManifest,
  type Manifest,
  type ModelId,
} from '../../../../src/main/core/models/manifest.ts'
import { createModelStore } from '../../../../src/main/core/models/store.ts'
import { expectedHead } from '../../../../src/main/core/networks/lpipsBackbones.ts'
import { writeMadeUp } from '../networks/madeUp.ts'

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function createStoreFixture() {
  const root = mkdtempSync(join(tmpdir(), 'parallax-models-'))
  const folder = join(root, 'store')
  const userFolder = join(root, 'mine')
  const home = join(root, 'home')
  for (const path of [userFolder, home]) mkdirSync(path)
  const headOf = (net: 'alex' | 'squeeze'): Buffer =>
    readFileSync(writeMadeUp(join(root, `${net}.safetensors`), expectedHead(net)))
  const alex = headOf('alex')
  const squeeze = headOf('squeeze')

  /** A manifest whose heads are made up; `url` is where they can be downloaded. */
  const manifestWith = (url = 'http://127.0.0.1:1/'): Manifest => {
    const file = (name: string, bytes: Buffer, more: object = {}) => ({
      name,
      size: bytes.length,
      sha256: sha256(bytes),
      url: `${url}${name}`,
      ...more,
    })
    const files: Partial<Record<ModelId, object[]>> = {
      'lpips-alex': [
        file('alex-head.safetensors', alex, {
          otherNames: ['alex-other-name.safetensors'],
          huggingFace: 'someone/heads',
        }),
      ],
      'lpips-squeeze': [file('squeeze-head.safetensors', squeeze)],
    }
    return parseManifest({
      version: 1,
      models: ownManifest.models.map((model) => ({ ...model, files: files[model.id] ?? model.files })),
    })
  }
  const storeWith = (options: { environment?: Record<string, string>; url?: string } = {}) =>
    createModelStore({
      folder,
      environment: { HOME: home, ...options.environment },
      manifest: manifestWith(options.url),
    })
  const put = (path: string, bytes: Uint8Array): string => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, bytes)
    return path
  }
  return {
    root,
    folder,
    userFolder,
    home,
    alex,
    squeeze,
    manifestWith,
    storeWith,
    put,
    remove: () => rmSync(root, { recursive: true }),
  }
}
