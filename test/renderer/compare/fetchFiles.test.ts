/** Files on their way from a real engine to a picture worker. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startHttpDoor, type HttpDoor } from '../../../src/main/hosts/http/server.ts'
import { fetchFiles } from '../../../src/renderer/src/features/compare/pictures/fetchFiles.ts'
import type {
  PictureSource,
  Way,
} from '../../../src/renderer/src/features/compare/pictures/workerMessages.ts'
import { temporaryFolder, writePairs } from '../../support/frames.ts'
import { openStudio } from '../../support/studio.ts'

const root = temporaryFolder('workspace')
const folder = join(root, 'data/preprocessed_data/de_test/imgs')
const frame = (index: number) => join(folder, `file_num1_frame_${index}.jpg`)
const at = openStudio()
let door: HttpDoor
let fast: Way
const fetched = vi.spyOn(globalThis, 'fetch')

beforeAll(async () => {
  await writePairs(root, 4)
  await at.call('workspaces.open', { root })
  door = await startHttpDoor({ studio: at.studio, pagesDir: root, host: '127.0.0.1', port: 0 })
  fast = { address: { origin: `http://127.0.0.1:${door.port}`, token: door.token }, isFast: true }
})
beforeEach(() => void fetched.mockClear())
afterAll(async () => {
  await door.close()
  await at.studio.close()
})

const plain = (path: string): PictureSource => ({ path, look: {} })
const never = () => new AbortController().signal
const fetchAll = (sources: PictureSource[], way = fast) =>
  Promise.allSettled(
    fetchFiles(
      sources,
      way,
      sources.map(() => never()),
    ),
  )
const bytesOf = (path: string) => Uint8Array.from(readFileSync(path))

describe('pictures that are asked for together', () => {
  it('come in one request, in their order, byte for byte', async () => {
    const paths = [frame(2), frame(0), frame(3), frame(0)]
    const results = await fetchAll(paths.map(plain))
    expect(fetched).toHaveBeenCalledTimes(1)
    results.forEach((result, index) => {
      expect(result).toMatchObject({ status: 'fulfilled', value: { contentType: 'image/jpeg' } })
      expect(result.status === 'fulfilled' && result.value.bytes).toEqual(bytesOf(paths[index]))
    })
  })

  it('do not fail with one that is missing or may not be seen', async () => {
    const outside = join(temporaryFolder('outside'), 'private.jpg')
    writeFileSync(outside, bytesOf(frame(0)))
    const [good, missing, secret] = await fetchAll([frame(0), join(folder, 'none.jpg'), outside].map(plain))
    expect(good.status).toBe('fulfilled')
    expect(missing).toMatchObject({ reason: { message: expect.stringContaining('does not exist') } })
    expect(secret).toMatchObject({
      reason: { message: expect.stringContaining('outside the open workspaces') },
    })
  })

  it('come by themselves where there is no room for them', async () => {
    const huge = join(folder, 'huge.png')
    writeFileSync(huge, '')
    truncateSync(huge, 65 * 2 ** 20)
    const [small, large] = await fetchAll([frame(1), huge].map(plain))
    expect(fetched).toHaveBeenCalledTimes(2)
    expect(small).toMatchObject({ value: { bytes: bytesOf(frame(1)) } })
    expect(large.status === 'fulfilled' && large.value.bytes.length).toBe(65 * 2 ** 20)
  })

  it.each<[string, PictureSource[], Partial<Way>]>([
    ['over a link that may be slow', [plain(frame(0)), plain(frame(1))], { isFast: false }],
    ['when they are made smaller first', [plain(frame(0)), { path: frame(1), look: { width: 64 } }], {}],
    [
      'when their paths are too long for one address',
      [plain(frame(0)), plain(`/${'ö'.repeat(1000)}.jpg`)],
      {},
    ],
  ])('come one by one %s', async (_why, sources, way) => {
    const [first] = await fetchAll(sources, { ...fast, ...way })
    expect(fetched).toHaveBeenCalledTimes(2)
    expect(first).toMatchObject({ value: { bytes: bytesOf(frame(0)) } })
  })

  it('are given up when nobody wants any of them, and not before', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const stops = [new AbortController(), new AbortController()]
    const files = fetchFiles(
      [plain(frame(0)), plain(frame(1))],
      { address: { origin, token: 't' }, isFast: true },
      stops.map(({ signal }) => signal),
    )
    const ends = Promise.allSettled(files)
    const { signal } = fetched.mock.calls[0][1]!
    stops[0].abort()
    expect(signal!.aborted).toBe(false)
    stops[1].abort()
    expect(signal!.aborted).toBe(true)
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    silent.closeAllConnections()
    silent.close()
  })
})
