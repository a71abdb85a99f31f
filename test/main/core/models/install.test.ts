/** Downloads against a real server on this machine. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobContext } from '../../../../src/main/core/jobs/jobs.ts'
import { modelHandlers } from '../../../../src/main/core/models/handlers.ts'
import { importJob, installJob, verifyJob } from '../../../../src/main/core/models/jobs.ts'
import { createStoreFixture } from './storeFixture.ts'

let fixture: ReturnType<typeof createStoreFixture>
let server: Server
let url: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
beforeEach(async () => {
  fixture = createStoreFixture()
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  fixture.remove()
})
const target = () => join(fixture.folder, 'alex-head.safetensors')
const install = (signal?: AbortSignal) => fixture.storeWith({ url }).install('lpips-alex', { signal })

/** A server that continues downloads, as the official ones do. */
const serveRanges =
  (ranges: (string | undefined)[]) => (request: IncomingMessage, response: ServerResponse) => {
    const { range } = request.headers
    ranges.push(range)
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    response.writeHead(range === undefined ? 200 : 206).end(fixture.alex.subarray(from))
  }

describe('installing a model', () => {
  it('downloads the official file, reports bytes, and leaves nothing else behind', async () => {
    answer = (request, response) => response.end(request.url === '/alex-head.safetensors' ? fixture.alex : '')
    const reports: number[] = []
    const store = fixture.storeWith({ url })
    const info = await store.install('lpips-alex', {
      onProgress: ({ doneBytes, totalBytes }) => reports.push(doneBytes / totalBytes),
    })
    expect(info).toMatchObject({ status: 'installed', path: target(), isOfficial: true })
    expect(readFileSync(target()).equals(fixture.alex)).toBe(true)
    expect(reports.at(-1)).toBe(1)
    expect(existsSync(`${target()}.part`) || existsSync(`${target()}.part.lock`)).toBe(false)
  })

  it('does not download what is already there', async () => {
    answer = () => expect.unreachable('a request')
    fixture.put(target(), fixture.alex)
    expect(await install()).toMatchObject({ status: 'installed' })
  })

  it('goes on where an earlier download broke off', async () => {
    const half = fixture.alex.length >> 1
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': fixture.alex.length })
      response.write(fixture.alex.subarray(0, half), () => response.destroy())
    }
    await expect(install()).rejects.toMatchObject({
      code: 'process-failed',
      message: expect.stringContaining('the connection broke off'),
    })
    expect(existsSync(target())).toBe(false)
    const ranges: (string | undefined)[] = []
    answer = serveRanges(ranges)
    expect(await install()).toMatchObject({ status: 'installed' })
    expect(ranges).toEqual([`bytes=${half}-`])
  })

  it('begins anew when the server cannot continue', async () => {
    fixture.put(`${target()}.part`, Buffer.alloc(100))
    answer = (_, response) => response.end(fixture.alex)
    expect(await install()).toMatchObject({ status: 'installed' })
  })

  it.each([
    ['another file', () => Buffer.alloc(fixture.alex.length), /gave another file than announced/],
    [
      'more than announced',
      () => Buffer.concat([fixture.alex, fixture.alex]),
      /gave more than the announced/,
    ],
  ])('refuses %s and deletes it', async (_, content, message) => {
    answer = (_, response) => response.end(content())
    await expect(install()).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringMatching(message),
    })
    expect(existsSync(target()) || existsSync(`${target()}.part`)).toBe(false)
  })

  it('says what to do without a connection or with a server that refuses', async () => {
    answer = (_, response) => response.writeHead(404).end()
    await expect(install()).rejects.toMatchObject({
      code: 'process-failed',
      message: `${url}alex-head.safetensors could not be downloaded: the server answered 404 Not Found.`,
    })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await expect(install()).rejects.toMatchObject({
      code: 'process-failed',
      message: `${url}alex-head.safetensors could not be downloaded: no connection (ECONNREFUSED).`,
      hint: expect.stringContaining('parallax models import FILE'),
    })
  })

  it('stops when it is cancelled and keeps what has arrived', async () => {
    const controller = new AbortController()
    answer = (_, response) => response.write(fixture.alex.subarray(0, 1000))
    const store = fixture.storeWith({ url })
    const installing = store.install('lpips-alex', {
      signal: controller.signal,
      onProgress: ({ doneBytes }) => doneBytes === 1000 && controller.abort(),
    })
    await expect(installing).rejects.toMatchObject({ code: 'cancelled' })
    expect(readFileSync(`${target()}.part`).length).toBe(1000)
  })

  it('is refused while another process downloads the same file, and takes over from one that died', async () => {
    answer = (_, response) => response.end(fixture.alex)
    const lock = fixture.put(`${target()}.part.lock`, Buffer.from(String(process.ppid)))
    await expect(install()).rejects.toMatchObject({ code: 'conflict' })
    // No process has this number: Linux ends at 4194304, and the others use smaller ones in practice.
    writeFileSync(lock, '2147483646')
    expect(await install()).toMatchObject({ status: 'installed' })
  })
})

/** What a job is given, and what it said with it. */
function watched() {
  const reports: string[] = []
  const lines: string[] = []
  const context: JobContext = {
    jobId: 'job',
    signal: new AbortController().signal,
    report: ({ stage, unit }) => void reports.push(`${stage} ${unit}`),
    log: (line) => void lines.push(line),
  }
  return { context, reports, lines }
}

describe('the models part of the contract', () => {
  const noJobs = () => expect.unreachable('a job')

  it('refuses an unknown model before a job starts', async () => {
    const handlers = modelHandlers(fixture.storeWith(), noJobs)
    await expect(handlers['models.install']({ models: ['alexnet', 'resnet'] })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('lists models with the folder to put files in', async () => {
    const list = await modelHandlers(fixture.storeWith(), noJobs)['models.list']({})
    expect(list.folder).toBe(fixture.folder)
    expect(list.models.find(({ id }) => id === 'lpips-squeeze')?.wanted).toMatchObject({
      file: 'squeeze-head.safetensors',
      folder: fixture.folder,
    })
  })

  it('runs the download as a job that reports bytes', async () => {
    answer = (request, response) =>
      response.end(request.url?.includes('alex') ? fixture.alex : fixture.squeeze)
    const { context, reports, lines } = watched()
    const result = await installJob(fixture.storeWith({ url })).run(
      { models: ['lpips-alex', 'lpips-squeeze'] },
      context,
    )
    expect(result).toEqual({ installed: ['lpips-alex', 'lpips-squeeze'] })
    expect(new Set(reports)).toEqual(
      new Set(['alex-head.safetensors bytes', 'squeeze-head.safetensors bytes']),
    )
    expect(lines).toEqual([
      `LPIPS v0.1 head for AlexNet: ${target()}`,
      `LPIPS v0.1 head for SqueezeNet: ${join(fixture.folder, 'squeeze-head.safetensors')}`,
    ])
  })

  it('imports and verifies as jobs that report bytes', async () => {
    const path = fixture.put(join(fixture.userFolder, 'mine.safetensors'), fixture.alex)
    const importing = watched()
    const { model } = await importJob(fixture.storeWith()).run({ path }, importing.context)
    expect(model).toMatchObject({ id: 'lpips-alex', status: 'installed', path: target() })
    expect(importing.reports).toContain('mine.safetensors bytes')
    const verifying = watched()
    const { checks } = await verifyJob(fixture.storeWith()).run({ model: 'lpips-alex' }, verifying.context)
    expect(checks).toMatchObject([{ id: 'lpips-alex', isSound: true }])
    expect(verifying.reports).toContain('alex-head.safetensors bytes')
  })

  it('stops importing and verifying when the job is cancelled, and leaves no half copy', async () => {
    const path = fixture.put(join(fixture.userFolder, 'mine.safetensors'), fixture.alex)
    const cancelled = { ...watched().context, signal: AbortSignal.abort() }
    await expect(importJob(fixture.storeWith()).run({ path }, cancelled)).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(existsSync(target())).toBe(false)
    fixture.put(target(), fixture.alex)
    await expect(verifyJob(fixture.storeWith()).run({}, cancelled)).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('refuses a path that holds nothing to import before a job starts', () => {
    const handlers = modelHandlers(fixture.storeWith(), noJobs)
    expect(() => handlers['models.import']({ path: join(fixture.folder, 'none.pth') })).toThrow(
      'does not exist',
    )
  })
})
