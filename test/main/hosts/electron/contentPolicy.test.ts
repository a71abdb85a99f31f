import { describe, expect, it } from 'vitest'
import { createContentPolicy } from '../../../../src/main/hosts/electron/contentPolicy.ts'

describe('the content policy of the window', () => {
  it('knows engines on this machine only, until another is named', () => {
    const policy = createContentPolicy()
    const connect = () => /connect-src ([^;]*)/.exec(policy.header())![1]
    expect(connect()).toBe(
      "'self' parallax-media: http://127.0.0.1:* http://localhost:* ws://127.0.0.1:* ws://localhost:*",
    )
    expect(policy.allowEngine('http://10.0.0.5:4170')).toBe(true)
    expect(connect()).toContain(' http://10.0.0.5:4170 ws:')
    expect(connect()).toMatch(/ ws:\/\/10\.0\.0\.5:4170$/)
    expect(policy.allowEngine('https://gpu.example')).toBe(true)
    expect(connect()).toMatch(/ wss:\/\/gpu\.example$/)
    expect(connect()).not.toContain('10.0.0.5')
  })

  it.each([
    '*',
    'https:',
    'https://*',
    'https://*.example',
    "http://a; script-src 'unsafe-inline'",
    'http://a;b',
    'http://a,b',
    'http://a/b',
    'http://user@host',
    'file:///etc',
    'data:',
    'http://host:999999',
    '',
  ])('is not widened by %j', (origin) => {
    const policy = createContentPolicy()
    const before = policy.header()
    expect(policy.allowEngine(origin)).toBe(false)
    expect(policy.header()).toBe(before)
  })

  it('runs no code but its own', () => {
    const policy = createContentPolicy()
    policy.allowEngine('http://10.0.0.5:4170')
    expect(policy.header()).toContain("default-src 'none'")
    expect(policy.header()).toMatch(/script-src 'self' 'wasm-unsafe-eval';/)
  })
})
