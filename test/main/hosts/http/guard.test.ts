import { hostname, networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createGuard, ownNames } from '../../../../src/main/hosts/http/guard.ts'

const token = 'a-token-of-enough-letters'

describe('the guard', () => {
  it('knows loopback by every name and port, and nothing else', () => {
    const guard = createGuard(token, ownNames('127.0.0.1'))
    for (const host of ['127.0.0.1', '127.0.0.1:8080', 'localhost:1', 'LOCALHOST', '[::1]:80'])
      expect(guard.isKnownHost(host), host).toBe(true)
    for (const host of [
      undefined,
      '',
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'evil.example@localhost',
      'localhost/evil',
      '192.168.1.5',
      '0.0.0.0',
      'localhost:80:80',
    ])
      expect(guard.isKnownHost(host), String(host)).toBe(false)
  })

  it("on a wildcard knows the machine's own name and addresses, and still no other", () => {
    const guard = createGuard(token, ownNames('0.0.0.0'))
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    for (const { address, family } of addresses)
      expect(guard.isKnownHost(family === 'IPv6' ? `[${address}]:80` : address), address).toBe(true)
    expect(guard.isKnownHost(`${hostname()}:80`)).toBe(true)
    expect(guard.isKnownHost('evil.example')).toBe(false)
    expect(guard.isKnownHost('203.0.113.9')).toBe(false)
  })

  it('lets in its own page and window, not those of another port, scheme or site', () => {
    const guard = createGuard(token, ownNames('127.0.0.1'))
    const host = 'localhost:4170'
    for (const origin of [
      undefined,
      'http://localhost:4170',
      'https://localhost:4170',
      'parallax-app://studio',
    ])
      expect(guard.isKnownOrigin(origin, host), String(origin)).toBe(true)
    for (const origin of [
      'null',
      'http://localhost:8888',
      'http://localhost',
      'http://evil.example',
      'file://',
      'parallax-app://studio.evil',
      'http://localhost:4170.evil.example',
    ])
      expect(guard.isKnownOrigin(origin, host), origin).toBe(false)
  })

  it('knows one token', () => {
    const guard = createGuard(token, ownNames('127.0.0.1'))
    expect(guard.isToken(token)).toBe(true)
    for (const wrong of [undefined, null, '', `${token} `, token.toUpperCase(), token.slice(1)])
      expect(guard.isToken(wrong), String(wrong)).toBe(false)
  })
})
