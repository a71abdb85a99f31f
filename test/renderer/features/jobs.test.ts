import { describe, expect, it } from 'vitest'
import { askedOf, pathUnder } from '../../../src/renderer/src/features/jobs/asked.ts'

const valuesOf = (kind: string, input: unknown) =>
  Object.fromEntries(askedOf({ kind, input }).map(({ name, values }) => [name, values]))

describe('what a job was asked', () => {
  it('leaves out usual choices and what was not said, and shortens paths inside the workspace', () => {
    expect(
      valuesOf('benchmark', {
        workspace: '/w/UniLIP',
        run: '/w/UniLIP/outputs_eval/exp1/test_1',
        maps: ['de_nuke', 'de_dust2'],
        groups: ['fid'],
        protocol: 'per-image',
        device: 'auto',
        lpipsNet: 'vgg',
        fresh: false,
        kidSeed: 2020,
      }),
    ).toEqual({
      run: ['outputs_eval/exp1/test_1'],
      maps: ['de_nuke', 'de_dust2'],
      groups: ['fid'],
      protocol: ['per-image'],
      lpipsNet: ['vgg'],
    })
  })

  it('counts long lists of frames and keeps paths elsewhere whole', () => {
    expect(valuesOf('saveFrames', { names: ['a.png', 'b.png'], outputDir: '/elsewhere/x' })).toEqual({
      names: ['2'],
      outputDir: ['/elsewhere/x'],
    })
  })

  it('is nothing for a kind of a later version, or a request that is no object', () => {
    expect(askedOf({ kind: 'dream', input: { a: 1 } })).toEqual([])
    expect(askedOf({ kind: 'benchmark', input: null })).toEqual([])
  })

  it('takes a folder beside the workspace for another one', () => {
    expect(pathUnder('/w/a', '/w/ab/c')).toBe('/w/ab/c')
    expect(pathUnder('/w/a', '/w/a/c')).toBe('c')
    expect(pathUnder('C:\\w', 'C:\\w\\x\\y')).toBe('x\\y')
    expect(pathUnder('/w/a', '/w/a')).toBe('/w/a')
  })
})
