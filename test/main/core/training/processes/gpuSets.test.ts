import { describe, expect, it } from 'vitest'
import { gpusOf, sharesGpu } from '../../../../../src/main/core/training/processes/gpuSets.ts'

const machine = [
  { index: 0, uuid: 'GPU-aaaa-1' },
  { index: 1, uuid: 'GPU-bbbb-2' },
]

describe('gpusOf', () => {
  it.each([
    [undefined, undefined, ['all']],
    [undefined, [], []],
    [undefined, machine, ['all']],
    ['', undefined, []],
    ['-1', undefined, []],
    ['0, 4', undefined, ['0', '4']],
    ['1,-1,0', undefined, ['1']],
    ['01,1', undefined, ['1']],
    ['GPU-bb', machine, ['1']],
    ['GPU-cc', machine, ['GPU-cc']],
    ['NoDevFiles', undefined, []],
  ])('reads %j on %j as %j', (value, known, expected) => expect(gpusOf(value, known)).toEqual(expected))
})

describe('sharesGpu', () => {
  it.each([
    [['0'], ['1'], false],
    [['0', '1'], ['1', '2'], true],
    [['all'], ['3'], true],
    [['all'], [], false],
    [[], [], false],
    [['GPU-x'], ['GPU-x'], true],
    [['GPU-x'], ['GPU-y'], false],
    [['GPU-x'], ['0'], true],
    [['all'], ['GPU-x'], true],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(sharesGpu(a, b)).toBe(expected)
    expect(sharesGpu(b, a)).toBe(expected)
  })
})
