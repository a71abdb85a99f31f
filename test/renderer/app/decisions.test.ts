import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyScore } from '../../../src/renderer/src/app/fuzzy.ts'
import { routeOf } from '../../../src/renderer/src/app/hashLocation.ts'
import { isDark } from '../../../src/renderer/src/app/preferences.ts'

describe('routes in the fragment', () => {
  it.each([
    ['', '/', ''],
    ['#/', '/', ''],
    ['#/runs/4f', '/runs/4f', ''],
    ['#/compare?run=1&frame=2', '/compare', 'run=1&frame=2'],
    ['#runs', '/runs', ''],
  ])('%j is page %j with query %j', (hash, path, search) => {
    expect(routeOf(hash)).toEqual({ path, search })
  })
})

describe('searching', () => {
  const titles = [
    'Go to Benchmark',
    'Go to Runs',
    'Open a workspace…',
    'exp8_gen / test_20260205 · de_nuke',
    'Switch density',
  ]

  it('finds by beginnings of words first', () => {
    expect(fuzzyFilter(titles, 'gb', (title) => title)[0]).toBe('Go to Benchmark')
    expect(fuzzyFilter(titles, 'nuke', (title) => title)).toEqual(['exp8_gen / test_20260205 · de_nuke'])
    expect(fuzzyFilter(titles, 'open w', (title) => title)[0]).toBe('Open a workspace…')
  })

  it('keeps everything in order while nothing is typed and nothing when nothing fits', () => {
    expect(fuzzyFilter(titles, ' ', (title) => title)).toEqual(titles)
    expect(fuzzyFilter(titles, 'zzz', (title) => title)).toEqual([])
  })

  it('prefers letters that stand together', () => {
    expect(fuzzyScore('run', 'Go to Runs')!).toBeGreaterThan(fuzzyScore('run', 'Row under noon')!)
  })
})

describe('the theme', () => {
  it('follows the system only when asked to', () => {
    expect([
      isDark('system', false),
      isDark('system', true),
      isDark('dark', false),
      isDark('light', true),
    ]).toEqual([false, true, true, false])
  })
})
