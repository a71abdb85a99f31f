import { describe, expect, it } from 'vitest'
import { missing } from '../../../../../src/main/core/training/logs/metricTable.ts'
import { newTables } from '../../../../../src/main/core/training/logs/parserState.ts'
import { decodeTables, encodeTables } from '../../../../../src/main/core/training/logs/tableCodec.ts'
import { parse, record, rowsOf } from './samples.ts'

describe('encodeTables', () => {
  it('gives back every value exactly, whatever form it was stored in', () => {
    const text = ['0.1', 'nan', '-inf', '1e300', '-0.0', '3', '0.05000000074505806'].map((value, i) =>
      record(
        i,
        `[ Step ${i} ] Loss: ${value} | LR: 1.0 | Epoch: 0.0 | Other Info: {'constant': nan, 'float': ${Math.fround(1 / (i + 3))}, 'integer': ${i * 1000}${i === 3 ? ", 'late': 5" : ''}}`,
      ),
    )
    const { tables } = parse(text.join('') + record(9, 'total_loss: 1.5'))
    const back = decodeTables(encodeTables(tables))
    expect(rowsOf(back.step)).toEqual(rowsOf(tables.step))
    expect(Object.is(rowsOf(back.step)[4]!['Loss'], -0)).toBe(true)
    expect(rowsOf(back.loss)).toEqual([{ total_loss: 1.5 }])
    expect(back.console.rows).toBe(0)
  })

  const forms: [name: string, cells: number[], bytesPerRow: number][] = [
    ['one value', [3, 3, 3, 3], 0],
    ['one NaN', [NaN, NaN, NaN, NaN], 0],
    ['a ramp', [7, 5, 3, 1], 0],
    ['a ramp of 64-bit integers', [1e12, 2e12, 3e12, 4e12], 0],
    ['integers', [1, 2, 4, -(2 ** 31)], 4],
    ['floats', [0.05000000074505806, Infinity, NaN, -0], 4],
    ['six decimals', [0.000001, -0.123456, 2147.483647, 0], 4],
    ['a learning rate', [9.9993e-5, 9.9e-5, 1.2345e-6, 0.2], 4],
    ['too many decimals', [0.1, 0.2, 0.3, 1 / 3], 8],
    ['a decimal too great', [0.1, 0.2, 0.3, 2147.5], 8],
    ['a negative zero among decimals', [0.1, 0.2, -0, 0.4], 8],
    ['a negative zero on a ramp', [-2, -1, -0, 1], 4],
    ['a row without a value', [0.1, missing, 0.3, 0.4], 8],
    ['a ramp beyond exact integers', [2 ** 53, 2 ** 53 + 2, 2 ** 53 + 4, 2 ** 53 + 6], 8],
    ['nearly a ramp', [1.5, 2.5, 3.5, 4.5], 4],
  ]

  it.each(forms)('stores %s exactly', (_, cells, bytesPerRow) => {
    const { step } = newTables()
    for (const cell of cells) {
      step.addRow(1, 1, 1, 1)
      step.set(step.column('x', 'line'), cell)
    }
    const encoded = encodeTables({ ...newTables(), step })
    const headerBytes = new DataView(encoded.buffer).getUint32(0, true)
    expect(encoded.length - Math.ceil((4 + headerBytes) / 8) * 8).toBe(bytesPerRow * cells.length)
    const back = decodeTables(encoded).step.columns[0]!.cells
    expect(back.length).toBe(cells.length)
    for (const [row, cell] of cells.entries()) expect(Object.is(back[row], cell), `${cell}`).toBe(true)
  })
})
