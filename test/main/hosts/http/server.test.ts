/** The browser door, attacked and used over real sockets. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { contractFingerprint } from '../../../../src/main/hosts/contractFingerprint.ts'
import { createGuard } from '../../../../src/main/hosts/http/guard.ts'
import { startHttpDoor, type HttpDoor } from '../../../../src/main/hosts/http/server.ts'
import { attachSockets } from '../../../../src/main/hosts/http/sockets.ts'
import { unpackBundle } from '../../../../src/shared/fileBundle.ts'
import { jpeg, temporaryFolder, writePairs } from '../../../support/frames.ts'
import { openStudio, type TestStudio } from '../../../support/studio.ts'

let at: TestStudio
let door: HttpDoor
let root: string
let outside: string
let pages: string
const opened: TestStudio[] = []
const doors: HttpDoor[] = []

async function open(host: string, changes: { token?: string; allowedHosts?: string[] } = {}) {
  const started = await startHttpDoor({ studio: at.studio, pagesDir: pages, host, port: 0, ...changes })
  doors.push(started)
  return started
}

beforeAll(async () => {
  at = openStudio()
  opened.push(at)
  pages = temporaryFolder('pages')
  mkdirSync(join(pages, 'assets'))
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Parallax</title>')
  writeFileSync(join(pages, 'assets/app-1a2b.js'), 'export {}')
  writeFileSync(join(pages, 'secret.txt'), 'secret')
  root = temporaryFolder('workspace')
  await writePairs(root, 2)
  outside = temporaryFolder('outside')
  writeFileSync(join(outside, 'private.jpg'), await jpeg(16, 16, 1, 0))
  await at.call('workspaces.open', { root })
  door = await open('127.0.0.1')
})
afterAll(async () => {
  for (const one of doors) await one.close()
  for (const { studio } of opened) await studio.close()
})

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; text: string }

/** A request with full control over path and headers, which fetch would tidy up. */
function ask(
  path: string,
  options: {
    method?: string
    headers?: Record<string, string>
    body?: string | Buffer
    port?: number
    host?: string
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: options.host ?? '127.0.0.1',
        port: options.port ?? door.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const body = Buffer.concat(chunks)
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body,
            text: body.toString('utf8'),
          })
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(options.body)
  })
}

const withToken = (extra: Record<string, string> = {}) => ({
  authorization: `Bearer ${door.token}`,
  ...extra,
})
const call = (name: string, body: string | Buffer = '{}', headers: Record<string, string> = withToken()) =>
  ask(`/api/${name}`, { method: 'POST', headers, body })
const media = (path: string, extra = '', headers: Record<string, string> = {}) =>
  ask(`/media/file?token=${door.token}&path=${encodeURIComponent(path)}${extra}`, { headers })
const frame = () => join(root, 'data/preprocessed_data/de_test/imgs/file_num1_frame_0.jpg')

describe('a call', () => {
  it('with the token is answered', async () => {
    const answer = await call('system.info')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ value: { pid: process.pid, home: at.home } })
  })

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic abc' }],
  ])('with %s is refused before anything is read', async (_what, headers) => {
    const answer = await call('system.info', 'not even JSON', headers as Record<string, string>)
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain(at.home)
  })

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.nip.io', '169.254.169.254'])(
    'to the name %s, which points here (DNS rebinding), is refused even with the token',
    async (host) => {
      expect((await call('system.info', '{}', withToken({ host }))).status).toBe(403)
      expect((await ask('/', { headers: { host } })).status).toBe(403)
    },
  )

  it.each(['http://evil.example', 'null', 'http://localhost:1', 'https://127.0.0.1'])(
    'of a page at %s is refused even with the token, and told nothing it could read',
    async (origin) => {
      const answer = await call('system.info', '{}', withToken({ origin }))
      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  it('of its own page and of the window is let in; only the window gets a CORS header', async () => {
    const own = `http://127.0.0.1:${door.port}`
    const fromPage = await call('system.info', '{}', withToken({ origin: own }))
    expect([fromPage.status, fromPage.headers['access-control-allow-origin']]).toEqual([200, undefined])
    const fromWindow = await call('system.info', '{}', withToken({ origin: 'parallax-app://studio' }))
    expect([fromWindow.status, fromWindow.headers['access-control-allow-origin']]).toEqual([
      200,
      'parallax-app://studio',
    ])
  })

  it.each([
    'no.such',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '%5F%5Fproto%5F%5F',
    'system.info%00',
    'SYSTEM.INFO',
  ])('outside the contract (%s) is refused as wrong usage', async (name) => {
    const answer = await call(name)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'usage' } })
  })

  it('to a stream is refused, for it would never end', async () =>
    expect((await call('jobs.watch')).status).toBe(400))

  it.each(['{', 'undefined', '{"a":1}x', '\u0000', "{'a':1}"])(
    'with the body %j is refused',
    async (body) => {
      const answer = await call('system.info', body)
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.text).error.message).toContain('JSON')
    },
  )

  it.each(['null', '[]', '"text"', '{"limit":-1}', '{"limit":1e400}', '{"limit":"5"}'])(
    'with the input %s says what is wrong with it',
    async (body) => {
      const answer = await call('jobs.list', body)
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.text).error.message).toContain('jobs.list')
    },
  )

  it('with a __proto__ in its input changes nothing but its own copy', async () => {
    expect((await call('jobs.list', '{"__proto__":{"limit":-1},"constructor":1}')).status).toBe(200)
    expect(({} as { limit?: number }).limit).toBeUndefined()
  })

  it('with a body that is too large is refused, with a length and without one', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 32)
    const known = await call('system.info', large).catch((error: NodeJS.ErrnoException) => error.code)
    // The server may answer and close while the client still writes.
    if (typeof known === 'object') expect(known.status).toBe(413)
    else expect(known).toMatch(/EPIPE|ECONNRESET/)
    const chunked = await call('system.info', large, withToken({ 'transfer-encoding': 'chunked' })).catch(
      (error: NodeJS.ErrnoException) => error.code,
    )
    if (typeof chunked === 'object') expect(chunked.status).toBe(413)
    else expect(chunked).toMatch(/EPIPE|ECONNRESET/)
    expect((await call('system.info')).status).toBe(200)
  })

  it.each(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('by %s finds nothing', async (method) =>
    expect((await ask('/api/system.info', { method, headers: withToken() })).status).toBe(404),
  )

  it('that fails carries code, sentence and hint, and the matching status', async () => {
    const answer = await call('runs.get', '{"runId":"none"}')
    expect(answer.status).toBe(404)
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: 'not-found', message: expect.any(String) },
    })
  })
})

describe('the pages', () => {
  it('need no token, allow own code only, and cannot be framed', async () => {
    const answer = await ask('/')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = answer.headers['content-security-policy'] as string
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
  })

  it('with a hash in their name are kept, the first page is asked for each time', async () => {
    expect((await ask('/assets/app-1a2b.js')).headers['cache-control']).toContain('immutable')
    expect((await ask('/')).headers['cache-control']).toBe('no-cache')
  })

  it.each([
    '/../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/package.json',
    '/%252e%252e%252fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/....//....//etc/passwd',
    '//etc/passwd',
    '/index.html%00.js',
    '/%',
    '/%ff%fe',
    '/assets/',
    '/secret.txt',
    '/nothing.js',
  ])('do not lead out of their folder by %s', async (path) => {
    const answer = await ask(path)
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('Not found.')
  })
})

describe('a picture', () => {
  it('of an open workspace is sent whole, with a tag', async () => {
    const answer = await media(frame())
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({ 'content-type': 'image/jpeg', 'accept-ranges': 'bytes' })
    expect(answer.body.equals(readFileSync(frame()))).toBe(true)
    const again = await media(frame(), '', { 'if-none-match': answer.headers.etag! })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  it('can be asked for in parts', async () => {
    const all = readFileSync(frame())
    const part = await media(frame(), '', { range: 'bytes=10-19' })
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${all.length}`])
    expect(part.body.equals(all.subarray(10, 20))).toBe(true)
    const end = await media(frame(), '', { range: 'bytes=-7' })
    expect([end.status, end.body.equals(all.subarray(-7))]).toEqual([206, true])
    const beyond = await media(frame(), '', { range: `bytes=${all.length}-` })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${all.length}`])
    const changed = await media(frame(), '', { range: 'bytes=0-1', 'if-range': '"old"' })
    expect([changed.status, changed.body.length]).toEqual([200, all.length])
  })

  it('answers HEAD with its length alone', async () => {
    const answer = await ask(`/media/file?token=${door.token}&path=${encodeURIComponent(frame())}`, {
      method: 'HEAD',
    })
    expect([answer.status, Number(answer.headers['content-length']), answer.body.length]).toEqual([
      200,
      readFileSync(frame()).length,
      0,
    ])
  })

  it('is not sent without the token or with a wrong one', async () => {
    const path = `/media/file?path=${encodeURIComponent(frame())}`
    expect((await ask(path)).status).toBe(401)
    expect((await ask(`${path}&token=wrong`)).status).toBe(401)
    expect((await ask(`${path}&token=`)).status).toBe(401)
    expect((await ask(path.replace('/file?', '/files?'))).status).toBe(401)
  })

  it('is not sent with too many others at once', async () => {
    const paths = (count: number) =>
      new URLSearchParams(Array.from({ length: count }, () => ['path', '/a.jpg']))
    const several = (count: number) => ask(`/media/files?token=${door.token}&${paths(count)}`)
    expect((await several(64)).status).toBe(200)
    expect((await several(65)).status).toBe(400)
  })

  it('is its own among many answers at once, read slowly or given up halfway', async () => {
    const folder = join(root, 'data/many')
    mkdirSync(folder)
    const paths = Array.from({ length: 12 }, (_, index) => join(folder, `${index}.jpg`))
    // More in one answer than a socket takes at once.
    paths.forEach((path, index) => writeFileSync(path, Buffer.alloc(1_000_000 + index, index + 1)))
    const start = async (turn: number, signal?: AbortSignal) => {
      const chosen = [...paths.slice(turn), ...paths.slice(0, turn)]
      const query = new URLSearchParams([['token', door.token], ...chosen.map((path) => ['path', path])])
      return { chosen, answer: await fetch(`http://127.0.0.1:${door.port}/media/files?${query}`, { signal }) }
    }
    const giveUp = async (turn: number) => {
      const stop = new AbortController()
      await start(turn, stop.signal)
      stop.abort()
    }
    const readSlowly = async (turn: number) => {
      const { chosen, answer } = await start(turn)
      await new Promise((resolve) => setTimeout(resolve, 100))
      const files = unpackBundle(new Uint8Array(await answer.arrayBuffer()))
      expect(files).toHaveLength(paths.length)
      files.forEach((file, at) => {
        const expected = readFileSync(chosen[at])
        expect('bytes' in file && expected.equals(file.bytes), chosen[at]).toBe(true)
      })
    }
    for (let round = 0; round < 3; round++)
      await Promise.all(Array.from({ length: 6 }, (_, turn) => [readSlowly(turn), giveUp(turn + 6)]).flat())
  })

  it('outside the open workspaces is not sent, however its path is written', async () => {
    const secret = join(outside, 'private.jpg')
    const inside = join(root, 'data')
    const up = '../'.repeat(12)
    for (const path of [
      secret,
      `${inside}/${up}${secret.slice(1)}`,
      `${inside}/./../../${outside}/private.jpg`,
    ]) {
      const answer = await media(path)
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
      expect(answer.headers['content-type'], path).toContain('json')
    }
    expect((await media(secret)).status).toBe(403)
    // Decoded once and no more: this names a file that does not exist.
    const twice = encodeURIComponent(encodeURIComponent(frame()))
    expect((await ask(`/media/file?token=${door.token}&path=${twice}`)).status).toBe(400)
  })

  it('behind a link that leads out of the workspace is not sent', async () => {
    const link = join(root, 'innocent.jpg')
    symlinkSync(join(outside, 'private.jpg'), link)
    expect((await media(link)).status).toBe(403)
    const folder = join(root, 'folder')
    symlinkSync(outside, folder)
    expect((await media(join(folder, 'private.jpg'))).status).toBe(403)
    expect((await media(join(folder, 'private.jpg'), '&width=64')).status).toBe(403)
  })

  it.each(['record.md', 'weights.safetensors', 'page.html', 'drawing.svg', 'noextension'])(
    'must be one: %s is refused though it lies inside',
    async (name) => {
      writeFileSync(join(root, name), '<script>alert(1)</script>')
      const answer = await media(join(root, name))
      expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([415, 'unsupported'])
    },
  )

  it('is a file: a folder or a pipe of that name is refused', async () => {
    mkdirSync(join(root, 'folder.png'))
    expect((await media(join(root, 'folder.png'))).status).toBe(415)
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [join(root, 'pipe.png')])
    expect((await media(join(root, 'pipe.png'))).status).toBe(415)
  })

  it.each(['', 'relative.jpg', '/etc/passwd\0.jpg', 'file:///etc/passwd.jpg'])(
    'with the path %j is refused',
    async (path) => expect((await media(path)).status).toBe(400),
  )

  it('that does not exist is said to be missing', async () =>
    expect((await media(join(root, 'none.jpg'))).status).toBe(404))

  it('with markup in its name is sent as the picture it is', async () => {
    const name = join(root, '<img src=x onerror=alert(1)>.jpg')
    writeFileSync(name, await jpeg(16, 16, 1, 0))
    const answer = await media(name)
    expect([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual(
      [200, 'image/jpeg', 'nosniff'],
    )
  })

  it('comes as a thumbnail that is kept, and made again when the picture changes', async () => {
    const file = join(root, 'large.jpg')
    writeFileSync(file, await jpeg(640, 360, 1, 0))
    const first = await media(file, '&width=96')
    expect(await sharp(first.body).metadata()).toMatchObject({ width: 96, height: 54, format: 'jpeg' })
    const second = await media(file, '&width=96')
    expect([second.headers.etag, second.body.equals(first.body)]).toEqual([first.headers.etag, true])
    writeFileSync(file, await jpeg(640, 360, 9, 40))
    utimesSync(file, new Date(), new Date(Date.now() + 5000))
    const third = await media(file, '&width=96')
    expect(third.body.equals(first.body)).toBe(false)
    // A width of no use means the picture itself.
    for (const width of ['0', '-5', '1e9', 'x', '15.5'])
      expect((await media(file, `&width=${width}`)).body.equals(readFileSync(file)), width).toBe(true)
  })

  it('is made once, however many windows ask for its thumbnail at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => media(frame(), '&width=77')))
    expect(new Set(answers.map(({ status, text }) => `${status} ${text.length}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
  })

  it('that is damaged says so instead of a thumbnail', async () => {
    const file = join(root, 'damaged.jpg')
    writeFileSync(file, readFileSync(frame()).subarray(0, 60))
    const answer = await media(file, '&width=96')
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([422, 'unreadable'])
  })
})

type Line = { socket: WebSocket; messages: unknown[]; next(): Promise<unknown>; closed: Promise<number> }

function socket(
  query: string,
  headers: Record<string, string> = {},
  path = '/socket',
): Promise<Line | { refused: number }> {
  return new Promise((resolve) => {
    const opened = new WebSocket(`ws://127.0.0.1:${door.port}${path}${query}`, { headers })
    const messages: unknown[] = []
    let wake: () => void = () => {}
    opened.on('message', (data: Buffer) => {
      messages.push(JSON.parse(data.toString('utf8')))
      wake()
    })
    const closed = new Promise<number>((done) => opened.on('close', done))
    opened.on('unexpected-response', (_request, response) => resolve({ refused: response.statusCode! }))
    opened.on('error', () => {})
    const next = async () => {
      while (messages.length === 0) await new Promise<void>((done) => (wake = done))
      return messages.shift()
    }
    opened.on('open', () => resolve({ socket: opened, messages, next, closed }))
  })
}

async function line(): Promise<Line> {
  const opened = await socket(`?token=${door.token}`)
  if ('refused' in opened) throw new Error(`refused with ${opened.refused}`)
  return opened
}

describe('a socket', () => {
  it('answers calls and sends streams until they are closed', async () => {
    const { socket: own, next } = await line()
    own.send(JSON.stringify({ type: 'call', id: 1, name: 'system.info', input: {} }))
    expect(await next()).toMatchObject({ type: 'reply', id: 1, ok: true, value: { pid: process.pid } })
    own.send(JSON.stringify({ type: 'open', id: 2, name: 'jobs.watch', input: {} }))
    // Messages are taken in order: after this answer the stream stands.
    own.send(JSON.stringify({ type: 'call', id: 3, name: 'system.info', input: {} }))
    expect(await next()).toMatchObject({ type: 'reply', id: 3 })
    const { jobId } = await at.call('workspaces.createSample', { root: '/proc/no', framesPerMap: 1 })
    expect(await next()).toMatchObject({ type: 'event', id: 2, value: { type: 'job', job: { id: jobId } } })
    own.close()
  })

  it('with a wrong token or none is closed with a code the page understands, and answers nothing', async () => {
    for (const query of ['', '?token=', '?token=wrong']) {
      const opened = await socket(query)
      if ('refused' in opened) throw new Error('refused')
      opened.socket.send(JSON.stringify({ type: 'call', id: 1, name: 'system.info', input: {} }))
      expect(await opened.closed).toBe(4401)
      expect(opened.messages).toEqual([])
    }
  })

  it('with a wrong token that goes on with nonsense ends alone, not the engine', async () => {
    const upgrade = [
      'GET /socket?token=wrong HTTP/1.1',
      `Host: 127.0.0.1:${door.port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    // Reserved bits that are set; a message longer than any that is taken.
    const frames = [
      [0xff, 0x80, 0, 0, 0, 0],
      [0x82, 0xff, 0x7f, ...Array<number>(11).fill(0xff)],
    ]
    for (const frame of frames) {
      await new Promise<void>((resolve) => {
        const raw = connect(door.port, '127.0.0.1', () => {
          raw.write(`${upgrade.join('\r\n')}\r\n\r\n`)
          raw.write(Buffer.from(frame))
        })
        raw.resume()
        raw.on('close', () => resolve())
      })
    }
    expect((await call('system.info')).status).toBe(200)
  })

  it('of a page that was built for another contract is closed with a code of its own', async () => {
    const other = await socket(`?token=${door.token}&contract=000000000000`)
    if ('refused' in other) throw new Error('refused')
    expect(await other.closed).toBe(4409)
    const same = await socket(`?token=${door.token}&contract=${contractFingerprint()}`)
    if ('refused' in same) throw new Error('refused')
    same.socket.send(JSON.stringify({ type: 'ping', id: 5 }))
    expect(await same.next()).toEqual({ type: 'pong', id: 5 })
    same.socket.close()
  })

  it('that answers no ping any more is given up, and the others are kept', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const end = attachSockets(server, at.studio, createGuard(door.token, ['127.0.0.1']), 40)
    const { port } = server.address() as AddressInfo
    const address = `ws://127.0.0.1:${port}/socket?token=${door.token}`
    const [gone, there] = [new WebSocket(address, { autoPong: false }), new WebSocket(address)]
    const wasGivenUp = once(gone, 'close')
    await Promise.all([once(gone, 'open'), once(there, 'open')])
    await wasGivenUp
    there.send(JSON.stringify({ type: 'ping', id: 1 }))
    const [answer] = (await once(there, 'message')) as [Buffer]
    expect(JSON.parse(answer.toString('utf8'))).toEqual({ type: 'pong', id: 1 })
    end()
    server.close()
  })

  it('of another site, to another name or at another address is not opened', async () => {
    const query = `?token=${door.token}`
    expect(await socket(query, { origin: 'http://evil.example' })).toEqual({ refused: 403 })
    expect(await socket(query, { origin: 'null' })).toEqual({ refused: 403 })
    expect(await socket(query, { host: 'evil.example' })).toEqual({ refused: 403 })
    expect(await socket(query, {}, '/elsewhere')).toEqual({ refused: 403 })
    const fromWindow = await socket(query, { origin: 'parallax-app://studio' })
    expect('socket' in fromWindow).toBe(true)
    if ('socket' in fromWindow) fromWindow.socket.close()
  })

  it('survives messages that are none, and names outside the contract', async () => {
    const { socket: own, next } = await line()
    for (const text of ['', '{', 'null', '[]', '42', '{"type":"call"}', '{"type":"call","id":-1,"name":"x"}'])
      own.send(text)
    own.send(Buffer.from([0xff, 0xfe, 0x00]))
    own.send(JSON.stringify({ type: 'close', id: 77 }))
    let id = 1
    for (const name of ['__proto__', 'constructor', 'no.such']) {
      for (const type of ['call', 'open']) {
        own.send(JSON.stringify({ type, id: ++id, name, input: {} }))
        expect(await next()).toMatchObject({ type: 'refusal', id, error: { code: 'usage' } })
      }
    }
    own.send(JSON.stringify({ type: 'open', id: 80, name: 'system.info', input: {} }))
    expect(await next()).toMatchObject({ type: 'refusal', id: 80, error: { code: 'usage' } })
    own.send(JSON.stringify({ type: 'call', id: 90, name: 'system.info', input: {} }))
    expect(await next()).toMatchObject({ type: 'reply', id: 90 })
    own.close()
  })

  it('that sends too much is closed, and the others go on', async () => {
    const [first, second] = [await line(), await line()]
    first.socket.send('x'.repeat(5 * 1024 * 1024))
    expect(await first.closed).toBe(1009)
    second.socket.send(JSON.stringify({ type: 'call', id: 1, name: 'system.info', input: {} }))
    expect(await second.next()).toMatchObject({ type: 'reply' })
    second.socket.close()
  })

  it('that floods is refused what is too much, keeps what it had, and leaves the others in peace', async () => {
    const [first, second] = [await line(), await line()]
    for (let id = 0; id < 150; id++)
      first.socket.send(JSON.stringify({ type: 'open', id, name: 'jobs.watch', input: {} }))
    for (let id = 200; id < 4000; id++)
      first.socket.send(JSON.stringify({ type: 'call', id, name: 'workspaces.browse', input: {} }))
    second.socket.send(JSON.stringify({ type: 'call', id: 1, name: 'system.info', input: {} }))
    expect(await second.next()).toMatchObject({ type: 'reply' })
    const answered = new Map<number, { type: string; error?: { code: string } }>()
    while (answered.size < 50 + 3800) {
      const message = (await first.next()) as { type: string; id: number; error?: { code: string } }
      answered.set(message.id, message)
    }
    const refused = [...answered].filter(([, { type }]) => type === 'refusal')
    expect(new Set(refused.map(([, { error }]) => error?.code))).toEqual(new Set(['conflict']))
    expect(refused.filter(([id]) => id < 200)).toHaveLength(50)
    // Those that were let in were answered, and room is made by every answer.
    expect([...answered].filter(([, { type }]) => type === 'reply').length).toBeGreaterThanOrEqual(1000)
    first.socket.send(JSON.stringify({ type: 'close', id: 0 }))
    first.socket.send(JSON.stringify({ type: 'call', id: 9000, name: 'system.info', input: {} }))
    let last: unknown
    do last = await first.next()
    while ((last as { id: number }).id !== 9000)
    expect(last).toMatchObject({ type: 'reply' })
    for (const { socket: own } of [first, second]) own.close()
  })

  it('that breaks off in its handshake does no harm', async () => {
    await new Promise<void>((resolve) => {
      const raw = connect(door.port, '127.0.0.1', () => {
        raw.write('GET /socket HTTP/1.1\r\nHost: evil\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
        raw.destroy()
      })
      raw.on('close', () => resolve())
    })
    expect((await call('system.info')).status).toBe(200)
  })
})

describe('where it listens', () => {
  it('on a wildcard answers to the addresses of the machine, and to names that were allowed', async () => {
    const everywhere = await open('0.0.0.0', { allowedHosts: ['gpu.lab.example'] })
    expect(everywhere.url).toContain('http://127.0.0.1:')
    const own = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family }) => family === 'IPv4')
    for (const { address } of own)
      expect((await ask('/', { host: address, port: everywhere.port })).status, address).toBe(200)
    const named = (host: string) => ask('/', { port: everywhere.port, headers: { host } })
    expect((await named('gpu.lab.example')).status).toBe(200)
    expect((await named('evil.example')).status).toBe(403)
  })

  it('says so when the port is taken or the address is not of this machine', async () => {
    const again = { studio: at.studio, pagesDir: pages, host: '127.0.0.1', port: door.port }
    await expect(startHttpDoor(again)).rejects.toMatchObject({ code: 'conflict' })
    await expect(startHttpDoor({ ...again, host: '203.0.113.9', port: 0 })).rejects.toMatchObject({
      code: 'usage',
    })
  })

  it('takes a token that was chosen, and refuses one that could be guessed', async () => {
    const chosen = 'chosen_token-0123456789'
    expect((await open('127.0.0.1', { token: chosen })).url).toContain(`#token=${chosen}`)
    await expect(open('127.0.0.1', { token: 'short' })).rejects.toMatchObject({ code: 'usage' })
    expect((await open('127.0.0.1')).token).not.toBe((await open('127.0.0.1')).token)
  })
})
