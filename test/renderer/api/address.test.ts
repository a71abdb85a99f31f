import { describe, expect, it } from 'vitest'
import { hashWithoutToken, parseEngineAddress, tokenFromHash } from '../../../src/renderer/src/api/address.ts'
import { backOffMs } from '../../../src/renderer/src/api/backOff.ts'
import { mediaFilesUrlAt, mediaUrlAt } from '../../../src/renderer/src/api/mediaUrlAt.ts'

describe('engine addresses', () => {
  it('reads the line that parallax serve prints', () => {
    expect(parseEngineAddress(' http://127.0.0.1:4170/#token=abc-_1 ')).toEqual({
      origin: 'http://127.0.0.1:4170',
      token: 'abc-_1',
    })
  })

  it('reads a bare host and port with the token beside it', () => {
    expect(parseEngineAddress('localhost:4170', ' abc ')).toEqual({
      origin: 'http://localhost:4170',
      token: 'abc',
    })
  })

  it.each(['', 'http://', 'ftp://host/#token=a', 'http://host:99999/#token=a'])('refuses %j', (text) => {
    expect(() => parseEngineAddress(text)).toThrow()
  })

  it('asks for the token when there is none', () => {
    expect(() => parseEngineAddress('127.0.0.1:4170')).toThrow('The token is missing.')
  })
})

describe('the token in the address bar', () => {
  it.each([
    ['#token=abc', 'abc', '#/'],
    ['#/runs/4f?token=abc', 'abc', '#/runs/4f'],
    ['#/compare?run=1&token=abc&frame=2', 'abc', '#/compare?run=1&frame=2'],
    ['#/runs', undefined, '#/runs'],
    ['', undefined, '#/'],
  ])('%j holds %j and leaves %j', (hash, token, rest) => {
    expect(tokenFromHash(hash)).toBe(token)
    expect(hashWithoutToken(hash)).toBe(rest)
  })
})

describe('media addresses', () => {
  const path = '/data/a b/100%/#1 & 你好+.jpg'

  it('keeps every sign of a path over http', () => {
    const url = new URL(mediaUrlAt({ origin: 'http://127.0.0.1:1', token: 't' }, path, { width: 240 }))
    expect(url.pathname).toBe('/media/file')
    expect(Object.fromEntries(url.searchParams)).toEqual({ path, width: '240', token: 't' })
  })

  it('keeps every sign of a path in the scheme of the window, without a token', () => {
    const text = mediaUrlAt(undefined, path)
    expect(text).toMatch(/^parallax-media:\/\/file\/\?path=[^+ #]+$/)
    expect(decodeURIComponent(text.split('path=')[1])).toBe(path)
  })

  it('names several files at once, in their order', () => {
    const paths = [path, '/b.jpg', path]
    const url = new URL(mediaFilesUrlAt({ origin: 'http://127.0.0.1:1', token: 't' }, paths))
    expect([url.pathname, url.searchParams.getAll('path')]).toEqual(['/media/files', paths])
    expect(mediaFilesUrlAt(undefined, ['/b.jpg', '/c.jpg'])).toBe(
      'parallax-media://files/?path=%2Fb.jpg&path=%2Fc.jpg',
    )
  })
})

describe('the pauses between attempts', () => {
  it('double from a quarter of a second and end at about eight', () => {
    const pauses = [1, 2, 3, 6, 12, 40].map((attempt) => backOffMs(attempt, () => 0.5))
    expect(pauses).toEqual([250, 500, 1000, 8000, 8000, 8000])
  })
})
