import { describe, expect, it } from 'vitest'
import { createClient, isConnectionError } from '../../../src/renderer/src/api/client.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { fakeTransport } from './fakeTransport.ts'

const soon = { reason: 'The connection was lost.', retryAt: Date.now() + 250 }

describe('the client', () => {
  it('keeps calls made before the connection stands and sends them in order', async () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    const answer = client.call('jobs.list', {})
    void client.call('system.info', {})
    expect(wire.sent).toEqual([])
    wire.connect()
    expect(wire.sent.map((message) => 'name' in message && message.name)).toEqual([
      'jobs.list',
      'system.info',
    ])
    wire.answer({ type: 'reply', id: wire.sent[0].id, ok: true, value: [] })
    await expect(answer).resolves.toEqual([])
  })

  it('rejects with the error of the engine, its hint included', async () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    wire.connect()
    const answer = client.call('runs.get', { runId: 'x' })
    const error = { code: 'not-found', message: 'There is no run x.', hint: 'parallax runs list shows them.' }
    wire.answer({ type: 'refusal', id: wire.sent[0].id, error })
    await expect(answer).rejects.toMatchObject(error)
    await expect(answer).rejects.toBeInstanceOf(AppError)
  })

  it('rejects what was under way when the connection is lost, and holds what was asked after', async () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    wire.connect()
    const before = client.call('jobs.list', {})
    wire.lose(soon)
    await expect(before).rejects.toSatisfy(isConnectionError)
    const after = client.call('jobs.list', {})
    wire.connect()
    expect(wire.sent).toHaveLength(2)
    wire.answer({ type: 'reply', id: wire.sent[1].id, ok: true, value: [] })
    await expect(after).resolves.toEqual([])
  })

  it('rejects everything, later calls too, when there will be no further attempt', async () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    const waiting = client.call('jobs.list', {})
    wire.lose({ reason: 'The token is wrong.' })
    await expect(waiting).rejects.toMatchObject({ message: 'The token is wrong.' })
    await expect(client.call('jobs.list', {})).rejects.toMatchObject({ message: 'The token is wrong.' })
  })

  it('opens streams again after a loss and says so, and only then', () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    const heard: string[] = []
    client.open(
      'jobs.watch',
      {},
      { onEvent: () => heard.push('event'), onReopen: () => heard.push('reopened') },
    )
    wire.connect()
    expect(heard).toEqual([])
    wire.lose(soon)
    wire.connect()
    expect(wire.sent.map(({ type }) => type)).toEqual(['open', 'open'])
    expect(heard).toEqual(['reopened'])
  })

  it('closes a stream at the engine when the listener leaves, and hears nothing more', () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    let events = 0
    const leave = client.open('jobs.watch', {}, { onEvent: () => void events++ })
    wire.connect()
    const { id } = wire.sent[0]
    const value = { type: 'line', jobId: 'a', line: 1, text: 'x' }
    wire.answer({ type: 'event', id, value })
    leave()
    wire.answer({ type: 'event', id, value })
    expect(events).toBe(1)
    expect(wire.sent[1]).toEqual({ type: 'close', id })
  })

  it('tells a listener why its stream ended', () => {
    const wire = fakeTransport()
    const client = createClient(wire.open)
    const ends: (string | undefined)[] = []
    client.open(
      'jobs.watch',
      { jobId: 'x' },
      { onEvent: () => {}, onEnd: (error) => ends.push(error?.message) },
    )
    client.open('jobs.watch', {}, { onEvent: () => {}, onEnd: (error) => ends.push(error?.message) })
    wire.connect()
    wire.answer({
      type: 'refusal',
      id: wire.sent[0].id,
      error: { code: 'not-found', message: 'There is no job x.' },
    })
    wire.answer({ type: 'end', id: wire.sent[1].id })
    expect(ends).toEqual(['There is no job x.', undefined])
  })
})
