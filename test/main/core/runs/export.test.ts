import { describe, expect, it } from 'vitest'
import type { RunReport } from '../../../../src/shared/contract/runs.ts'
import { csvField, exportFrames, exportRuns, formatValue } from '../../../../src/main/core/runs/export.ts'

function report(id: string, label: string, psnr: RunReport['metrics'][string]): RunReport {
  return {
    ...({ id, label, map: 'de_dust2', protocol: 'per-image', pairs: 3 } as RunReport),
    recipeLine: 'per-image v1 · n 3 · cpu',
    metrics: { PSNR: psnr, FID: { status: 'skipped', reason: 'no weights' } },
  }
}

const good = report('a', 'exp_1 & 50 %', { status: 'ok', value: 21.5, n: 3 })
const better = report('b', 'exp|2', { status: 'ok', value: 'Infinity', n: 3 })

describe('exports', () => {
  it('quote CSV fields and keep text from being a formula', () => {
    expect(csvField('a,"b"\n')).toBe('"a,""b""\n"')
    expect(csvField('=HYPERLINK("x")')).toBe('"\'=HYPERLINK(""x"")"')
    expect(csvField(-1.5)).toBe('-1.5')
    expect(csvField('-Infinity')).toBe('-Infinity')
  })

  it('give an empty CSV field its reason', () => {
    const rows = exportRuns([good], 'csv').split('\r\n')
    expect(rows[0]).toBe('run,label,map,protocol,pairs,metric,status,value,n,note')
    expect(rows[1]).toBe('a,exp_1 & 50 %,de_dust2,per-image,3,PSNR,ok,21.5,3,')
    expect(rows[2]).toBe('a,exp_1 & 50 %,de_dust2,per-image,3,FID,skipped,,,no weights')
  })

  it('mark the best run of a map in Markdown and LaTeX, with escapes', () => {
    const markdown = exportRuns([good, better], 'markdown')
    expect(markdown).toContain('| run | map | n | PSNR ↑ |')
    expect(markdown).toContain('| exp\\|2 | de_dust2 | 3 | **∞** |')
    const latex = exportRuns([good, better], 'latex')
    expect(latex).toContain('exp\\_1 \\& 50 \\% & de\\_dust2 & 3 & 21.5000 \\\\')
    expect(latex).toContain('\\textbf{$\\infty$}')
    expect(latex).toContain('% per-image v1 · cpu')
  })

  it('give a table to paste into a spreadsheet: whole values, one row per run', () => {
    const label = 'exp\t1'
    const text = exportRuns([{ ...good, label }, better], 'tsv')
    expect(text.split('\n').map((line) => line.split('\t'))).toEqual([
      ['run', 'map', 'n', 'PSNR', 'protocol'],
      ['exp 1', 'de_dust2', '3', '21.5', 'per-image'],
      [better.label, 'de_dust2', '3', 'Infinity', 'per-image'],
      [''],
    ])
  })

  it('write frames with an empty field where there is no value', () => {
    const text = exportFrames({
      runId: 'a',
      frameIndex: [0, 1],
      name: ['x.jpg', 'y.jpg'],
      status: ['ok', 'failed'],
      metrics: { PSNR: ['Infinity', null] },
    })
    expect(text).toBe('frame_index,name,status,PSNR\r\n0,x.jpg,ok,Infinity\r\n1,y.jpg,failed,\r\n')
  })

  it('print the digits of the metric', () => {
    expect(formatValue('PSNR', 21.123456)).toBe('21.1235')
    expect(formatValue('Boundary_F1', 0.5)).toBe('0.500000')
  })
})
