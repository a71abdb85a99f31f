import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { manifest } from '../../../../src/main/core/models/manifest.ts'
import { modelsOf } from '../../../../src/main/core/models/store.ts'
import { createStoreFixture, sha256 } from './storeFixture.ts'

let fixture: ReturnType<typeof createStoreFixture>
beforeEach(() => (fixture = createStoreFixture()))
afterEach(() => fixture.remove())

describe('the manifest', () => {
  it('has an address for the first file of every model, and one name per file', () => {
    const names = manifest.models.flatMap(({ files }) =>
      files.flatMap(({ name, otherNames }) => [name, ...otherNames]),
    )
    expect(new Set(names).size).toBe(names.length)
    for (const { files } of manifest.models) expect(files[0].url).toMatch(/^https:\/\//)
  })

  it('agrees with the hashes that publishers write into file names', () => {
    const hashed = manifest.models
      .flatMap(({ files }) => files)
      .filter(({ name }) => /-[0-9a-f]{8}\.pth$/.test(name))
    expect(hashed.length).toBe(4)
    for (const { name, sha256 } of hashed) expect(name).toContain(`-${sha256.slice(0, 8)}.pth`)
  })

  it('holds the models of every network', () => {
    const ids = manifest.models.map(({ id }) => id)
    expect(modelsOf({ kind: 'lpips', net: 'squeeze', epsilon: 'original' })).toEqual([
      'squeezenet1_1',
      'lpips-squeeze',
    ])
    expect(modelsOf({ kind: 'clip', size: 'l14' })).toEqual(['clip-vit-l14'])
    expect(ids).toEqual(
      expect.arrayContaining([
        ...modelsOf({ kind: 'inception', dims: 64, normalisation: 'unit', inputType: 'uint8' }),
        'aesthetic-head',
      ]),
    )
  })
})

describe('the search for weights', () => {
  const placeOf = async (environment: Record<string, string> = {}) => {
    const { path, place, status } = await fixture.storeWith({ environment }).find('lpips-alex')
    return { path, place, status }
  }

  it('finds a file in the model folder, and under a name that others use', async () => {
    const { folder, alex, put } = fixture
    expect(await placeOf()).toEqual({ path: undefined, place: undefined, status: 'missing' })
    const path = put(join(folder, 'alex-other-name.safetensors'), alex)
    expect(await placeOf()).toEqual({ path, place: 'model-folder', status: 'installed' })
  })

  it('finds files in PARALLAX_MODEL_PATH, also renamed, also below folders, also named directly', async () => {
    const { userFolder, alex, put, root } = fixture
    const path = put(join(userFolder, 'weights', 'lpips head of mine.bin'), alex)
    const found = { path, place: 'model-path', status: 'installed' }
    expect(
      await placeOf({ PARALLAX_MODEL_PATH: [join(root, 'absent'), userFolder].join(delimiter) }),
    ).toEqual(found)
    expect(await placeOf({ PARALLAX_MODEL_PATH: path })).toEqual(found)
  })

  it('finds files in the caches of torch and Hugging Face, wherever these are', async () => {
    const { home, root, alex, put } = fixture
    const blob = put(join(home, '.cache/huggingface/hub/models--someone--heads/blobs', sha256(alex)), alex)
    const snapshot = join(home, '.cache/huggingface/hub/models--someone--heads/snapshots/0123')
    mkdirSync(snapshot, { recursive: true })
    symlinkSync(blob, join(snapshot, 'model.safetensors'))
    expect(await placeOf()).toMatchObject({
      path: join(snapshot, 'model.safetensors'),
      place: 'hugging-face-cache',
    })
    const moved = put(join(root, 'hf/hub/models--someone--heads/snapshots/4567/model.safetensors'), alex)
    expect(await placeOf({ HF_HOME: join(root, 'hf') })).toMatchObject({ path: moved })
    const inTorch = put(join(home, '.cache/torch/hub/checkpoints/alex-head.safetensors'), alex)
    expect(await placeOf()).toMatchObject({ path: inTorch, place: 'torch-cache' })
    const torchHome = put(join(root, 'torch/hub/checkpoints/alex-head.safetensors'), alex)
    expect(await placeOf({ TORCH_HOME: join(root, 'torch') })).toMatchObject({ path: torchHome })
  })

  it('prefers the model folder, then the user’s folders, then the caches', async () => {
    const { folder, userFolder, home, alex, put } = fixture
    const environment = { PARALLAX_MODEL_PATH: userFolder }
    put(join(home, '.cache/torch/hub/checkpoints/alex-head.safetensors'), alex)
    expect((await placeOf(environment)).place).toBe('torch-cache')
    put(join(userFolder, 'alex-head.safetensors'), alex)
    expect((await placeOf(environment)).place).toBe('model-path')
    put(join(folder, 'alex-head.safetensors'), alex)
    expect((await placeOf(environment)).place).toBe('model-folder')
  })
})

describe('a file with the right name and the wrong content', () => {
  it('is refused by name, and another place is used', async () => {
    const { folder, userFolder, alex, put } = fixture
    const store = fixture.storeWith({ environment: { PARALLAX_MODEL_PATH: userFolder } })
    const changed = Buffer.from(alex)
    changed[changed.length - 1] ^= 1
    const wrong = put(join(folder, 'alex-head.safetensors'), changed)
    const info = await store.find('lpips-alex')
    expect(info).toMatchObject({ status: 'missing' })
    expect(info.refused).toEqual([
      {
        path: wrong,
        reason: `${wrong} was refused: its SHA-256 begins with ${sha256(changed).slice(0, 8)} where alex-head.safetensors has ${sha256(alex).slice(0, 8)}.`,
      },
    ])
    const right = put(join(userFolder, 'alex-head.safetensors'), alex)
    expect(await store.find('lpips-alex')).toMatchObject({ status: 'installed', path: right })
  })

  it('is refused when it was cut off, and when it changes after it was hashed', async () => {
    const { folder, alex, put } = fixture
    const path = put(join(folder, 'alex-head.safetensors'), alex.subarray(0, 100))
    expect((await fixture.storeWith().find('lpips-alex')).refused[0].reason).toContain(
      `it has 100 bytes where alex-head.safetensors has ${alex.length}`,
    )
    put(path, alex)
    expect((await fixture.storeWith().find('lpips-alex')).status).toBe('installed')
    const changed = Buffer.from(alex).fill(0, 200, 300)
    writeFileSync(path, changed)
    utimesSync(path, new Date(), new Date(Date.now() + 5000))
    expect((await fixture.storeWith().find('lpips-alex')).refused.length).toBe(1)
  })

  it('is found by verify even when size and time of change are as they were', async () => {
    const { folder, alex, put } = fixture
    const path = put(join(folder, 'alex-head.safetensors'), alex)
    const store = fixture.storeWith()
    const then = new Date(2020, 1, 1)
    utimesSync(path, then, then)
    expect(await store.verify('lpips-alex')).toEqual([
      { id: 'lpips-alex', path, isSound: true, found: `5 tensors, SHA-256 ${sha256(alex)}` },
    ])
    writeFileSync(path, Buffer.from(alex).fill(0, 2000, 2004))
    utimesSync(path, then, then)
    expect((await store.verify('lpips-alex'))[0]).toMatchObject({
      isSound: false,
      found: expect.stringContaining('its content has changed'),
    })
  })
})

describe('the files of a network', () => {
  it('name the file wanted, its size, its address and the folder when something is missing', async () => {
    const { folder, alex, put } = fixture
    put(join(folder, 'alex-head.safetensors'), alex)
    const files = await fixture.storeWith().filesOf({ kind: 'lpips', net: 'alex', epsilon: 'torchmetrics' })
    expect(files).toEqual({
      missing: `needs AlexNet (torchvision, ImageNet), which is not installed: run "parallax models install alexnet" or put alexnet-owt-7be5be79.pth (244 MB) from https://download.pytorch.org/models/alexnet-owt-7be5be79.pth into ${folder}`,
    })
    expect(await fixture.storeWith().aestheticHead()).toMatchObject({
      missing: expect.stringContaining('sac+logos+ava1-l14-linearMSE.pth (4 MB)'),
    })
  })

  it('are refused with a list of ids when the model is not known', async () => {
    await expect(fixture.storeWith().find('resnet')).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('alexnet'),
    })
  })
})

// The published files as they lie there; without them the tests above cover the search with made-up files.
const data = process.env['PARALLAX_REFERENCE_DATA'] ?? ''
describe.skipIf(data === '')('with PARALLAX_REFERENCE_DATA', () => {
  it('finds and verifies every published file through PARALLAX_MODEL_PATH', async () => {
    const { createModelStore } = await import('../../../../src/main/core/models/store.ts')
    const store = createModelStore({
      folder: fixture.folder,
      environment: { HOME: fixture.home, PARALLAX_MODEL_PATH: join(data, 'models') },
    })
    const states = Object.fromEntries((await store.list()).map(({ id, status }) => [id, status]))
    expect(states).toEqual({
      'lpips-alex': 'installed', 'lpips-vgg': 'installed', 'lpips-squeeze': 'installed', alexnet: 'installed', vgg16: 'missing',
      squeezenet1_1: 'installed', 'inception-v3-fid': 'partial', 'clip-vit-b32': 'missing', 'clip-vit-l14': 'missing',
      'aesthetic-head': 'installed',
    }) // prettier-ignore
    const checks = await store.verify()
    expect(checks.length).toBe(7)
    expect(checks.filter(({ isSound }) => !isSound)).toEqual([])
    const inception = (dims: 768 | 2048) =>
      store.filesOf({ kind: 'inception', dims, normalisation: 'minus128', inputType: 'uint8' })
    expect(await inception(768)).toEqual({ files: [join(data, 'models', 'fid-inception-v3')] })
    expect(await inception(2048)).toMatchObject({
      missing: expect.stringMatching(
        /needs 2048 features, and .*fid-inception-v3 gives only 64, 192, 768: .*pt_inception-2015-12-05-6726825d\.pth \(96 MB\)/,
      ),
    })
    const head = await store.aestheticHead()
    expect('score' in head && head.score(new Float32Array(768))).toBeCloseTo(5.236645845, 8)
  })
})
