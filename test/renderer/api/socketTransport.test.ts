import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createClient, type Client } from '../../../src/renderer/src/api/client.ts'
import { socketTransport, socketUrl } from '../../../src/renderer/src/api/socketTransport.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A real WebSocket server that answers every call with its name. */
async function echoEngine(port = 0) {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  await once(server, 'listening')
  const opened: string[] = []
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; id: number; name: string }
      if (message.type === 'open') opened.push(message.name)
      else socket.send(JSON.stringify({ type: 'reply', id: message.id, ok: true, value: message.name }))
    }),
  )
  const close = () => {
    for (const socket of server.clients) socket.terminate()
    return new Promise((resolve) => server.close(resolve))
  }
  closing.push(() => void close())
  return { port: (server.address() as AddressInfo).port, server, opened, close }
}

function clientOf(port: number, events = {}): Client {
  const client = createClient(socketTransport({ origin: `http://127.0.0.1:${port}`, token: 't' }), events)
  closing.push(() => client.close())
  return client
}

describe('the socket transport', () => {
  it('asks over a real socket and gets the answer', async () => {
    const { port } = await echoEngine()
    await expect(clientOf(port).call('jobs.list', {})).resolves.toBe('jobs.list')
  })

  it('connects again by itself when the engine comes back, and opens the streams again', async () => {
    const first = await echoEngine()
    const lost: string[] = []
    let hear = () => {}
    const isLost = new Promise<void>((resolve) => (hear = resolve))
    const client = clientOf(first.port, {
      onLost: ({ reason }: { reason: string }) => {
        lost.push(reason)
        hear()
      },
    })
    client.open('jobs.watch', {}, { onEvent: () => {} })
    await client.call('system.info', {})
    await Promise.all([first.close(), isLost])
    const second = await echoEngine(first.port)
    await expect(client.call('jobs.list', {})).resolves.toBe('jobs.list')
    expect(lost[0]).toBe('The connection to the engine was lost.')
    expect(second.opened).toEqual(['jobs.watch'])
  })

  it('stops trying when the engine refuses the token', async () => {
    const { port, server } = await echoEngine()
    server.on('connection', (socket) => socket.close(4401))
    await expect(clientOf(port).call('jobs.list', {})).rejects.toMatchObject({
      message: 'The engine does not accept this token.',
    })
  })

  it('writes wss for an engine behind https and keeps the token out of nothing but the query', () => {
    expect(socketUrl({ origin: 'https://gpu.example:8443', token: 'a-b_c' })).toBe(
      'wss://gpu.example:8443/socket?token=a-b_c',
    )
  })
})
