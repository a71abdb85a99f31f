import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectedBackbone, expectedHead } from '../../../../src/main/core/networks/lpipsBackbones.ts'
import { writeMadeUp } from '../networks/madeUp.ts'
import { createStoreFixture, sha256 } from './storeFixture.ts'

let fixture: ReturnType<typeof createStoreFixture>
beforeEach(() => (fixture = createStoreFixture()))
afterEach(() => fixture.remove())

describe('importing a file', () => {
  it('gives a file with a known hash its official name', async () => {
    const path = fixture.put(join(fixture.userFolder, 'some name.bin'), fixture.alex)
    const info = await fixture.storeWith().import(path)
    expect(info).toMatchObject({
      id: 'lpips-alex',
      status: 'installed',
      path: join(fixture.folder, 'alex-head.safetensors'),
      isOfficial: true,
    })
  })

  it('recognises a file of other origin by its tensors and keeps its own hash', async () => {
    const path = writeMadeUp(
      join(fixture.userFolder, 'alexnet of mine.safetensors'),
      expectedBackbone('alex'),
    )
    const hash = sha256(readFileSync(path))
    const info = await fixture.storeWith().import(path)
    const copy = join(fixture.folder, `alexnet-${hash.slice(0, 12)}.safetensors`)
    expect(info).toMatchObject({
      id: 'alexnet',
      status: 'installed',
      path: copy,
      sha256: hash,
      isOfficial: false,
    })
    expect(await fixture.storeWith().find('alexnet')).toMatchObject({ path: copy })
    expect(await fixture.storeWith().verify('alexnet')).toMatchObject([{ isSound: true }])
    writeFileSync(copy, Buffer.alloc(10))
    expect(await fixture.storeWith().find('alexnet')).toMatchObject({
      status: 'missing',
      refused: [{ path: copy, reason: `${copy} was refused: it has changed since it was imported.` }],
    })
  })

  it('prefers the official file to an imported one', async () => {
    const path = writeMadeUp(join(fixture.userFolder, 'head.safetensors'), expectedHead('alex'), ({ data }) =>
      data.fill(0.5),
    )
    expect(await fixture.storeWith().import(path)).toMatchObject({ id: 'lpips-alex', isOfficial: false })
    fixture.put(join(fixture.folder, 'alex-head.safetensors'), fixture.alex)
    expect(await fixture.storeWith().find('lpips-alex')).toMatchObject({ isOfficial: true })
  })

  it('refuses a checkpoint that is no model of the studio and says what is nearest', async () => {
    const path = writeMadeUp(join(fixture.userFolder, 'head.safetensors'), expectedHead('alex').slice(0, 4))
    await expect(fixture.storeWith().import(path)).rejects.toMatchObject({
      code: 'invalid-model',
      message: `${path} is none of the models the studio uses. Nearest is LPIPS v0.1 head for AlexNet: "lin4.model.1.weight" is missing.`,
    })
    expect(existsSync(fixture.folder) ? readdirSync(fixture.folder) : []).toEqual([])
  })

  it('refuses what is no checkpoint, a folder without an index, and a file that is not there', async () => {
    const store = fixture.storeWith()
    const text = fixture.put(join(fixture.userFolder, 'notes.txt'), Buffer.from('not weights at all'))
    await expect(store.import(text)).rejects.toMatchObject({ code: 'invalid-model' })
    await expect(store.import(fixture.userFolder)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('PARALLAX_MODEL_PATH'),
    })
    await expect(store.import(join(fixture.userFolder, 'absent.pth'))).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('says so when a file stands where the folder should be', async () => {
    const path = fixture.put(join(fixture.userFolder, 'head.bin'), fixture.alex)
    fixture.put(fixture.folder, Buffer.from('a file'))
    await expect(fixture.storeWith().import(path)).rejects.toMatchObject({
      code: 'usage',
      message: `${fixture.folder} is a file where the folder for models should be.`,
    })
  })
})

const data = process.env['PARALLAX_REFERENCE_DATA'] ?? ''
describe.skipIf(data === '')('with PARALLAX_REFERENCE_DATA', () => {
  it('copies a folder of raw layers as a whole', async () => {
    const info = await fixture.storeWith().import(join(data, 'models', 'fid-inception-v3', 'index.json'))
    expect(info).toMatchObject({
      id: 'inception-v3-fid',
      status: 'partial',
      path: join(fixture.folder, 'fid-inception-v3'),
    })
    expect(readdirSync(join(fixture.folder, 'fid-inception-v3')).length).toBe(141)
  })
})
