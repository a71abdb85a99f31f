import { describe, expect, it } from 'vitest'
import { encodeTables } from '../../../../../src/main/core/training/logs/tableCodec.ts'
import { generateLog } from './generatedLogs.ts'
import { parse, randomNumbers, record, stepRecord } from './samples.ts'

/** No line fits into one piece, so every line is read by itself. */
const shorterThanLines = 30

/** What a log says, bit for bit. */
const allOf = ({ state, tables }: ReturnType<typeof parse>) => ({ state, tables: encodeTables(tables) })

/** Reads a log line by line and as a whole: both must say the same. */
function compare(log: string | Uint8Array, name: string): void {
  const [plain, repeated] = [allOf(parse(log, shorterThanLines)), allOf(parse(log))]
  expect(repeated.state, name).toEqual(plain.state)
  expect(Buffer.compare(repeated.tables, plain.tables), name).toBe(0)
}

/** Lines of three kinds that take turns, as a training script writes them. */
function usualLines(count: number, value: (line: number) => string): string[] {
  return Array.from({ length: count }, (_, line) => {
    if (line % 4 === 0) return record(line, 'loc_indices: 4, gen_indices: 4')
    if (line % 4 < 3) return record(line, `total_loss: ${value(line)}, masked_loc_loss: 0.25`)
    const info = `Other Info: {'total_loss': ${value(line)}, 'x': {'total_loss': 3}, 'text': '${line}'}`
    return record(
      line,
      `[ Step ${line} ] Loss: ${value(line)} | LR: 1.0000e-04 | ${info} | Timing(total=${value(line)}s, batch=0.1s)`,
    )
  })
}

const oddNumbers = [
  ...['nan', 'inf', '-inf', '-nan', 'NaN', 'Infinity', 'nano', 'infx', 'None', 'True', 'False', '', '-', '.'],
  ...['1e5', '1E-5', '1e', '1e+', '1e-7', '1e22', '1e23', '1e-27', '1e-28', '5e-324', '1e400', '1e99999'],
  ...['-0', '-0.0', '+1.5', '.5', '5.', '007', '1.2.3', '0x10', '1_000', '--1', ' 5', '5 ', '5s', '٣'],
  ...[
    '12345678901234567890',
    '1234567890123456789',
    '9007199254740993',
    '0.3000000000000000444089209850062616',
  ],
  ...[
    '0.000000000000000000000000000000000000000000000000001',
    '0'.repeat(60),
    '1'.repeat(60),
    '123456789012345e7',
  ],
]

describe('lines that repeat one before them', () => {
  it('say what each says by itself, in generated logs', () => {
    for (let seed = 1; seed <= 400; seed++) compare(generateLog(seed).bytes, `seed ${seed}`)
  })

  it('may hold any number', () => {
    for (const odd of oddNumbers)
      compare(usualLines(40, (line) => (line % 10 === 9 || line === 14 ? odd : '0.5')).join(''), odd)
  })

  it('have exactly the doubles that Number gives', () => {
    const random = randomNumbers(99)
    const texts = Array.from({ length: 20_000 }, () => {
      const value = (random() + random() / 2 ** 31 - 0.5) * 10 ** Math.floor(random() * 44 - 26)
      return [
        String(value),
        value.toFixed(6),
        value.toExponential(4),
        value.toPrecision(17),
        value.toFixed(19),
      ]
    }).flat()
    const halves = Array.from({ length: 2000 }, (_, index) => {
      // Halfway between two doubles, or right beside it.
      const whole = 2n ** 53n + 2n * BigInt(Math.floor((random() + random() / 2 ** 31) * 2 ** 51)) + 1n
      return [
        `${whole}`,
        `${whole}.${index % 10}`,
        `${whole / 10n}.5`,
        `${whole * 5n}e-1`,
        `${whole * 625n}e-4`,
      ]
    }).flat()
    const all = [...texts, ...halves].filter((text) => text.length <= 30)
    const { loss } = parse(all.map((text, line) => record(line, `total_loss: ${text}`)).join('')).tables
    expect(loss.rows).toBe(all.length)
    const cells = loss.columns[0]!.cells
    expect(all.filter((text, row) => !Object.is(cells[row], Number(text)))).toEqual([])
  })

  it('may be damaged anywhere', () => {
    const random = randomNumbers(7)
    const whole = Buffer.from(usualLines(24, (line) => String(line / 7)).join(''))
    for (let round = 0; round < 3000; round++) {
      const log = Buffer.from(whole)
      for (let hits = 1 + Math.floor(random() * 3); hits > 0; hits--) {
        const byte = [0, 10, 13, 27, 32, 45, 46, 48, 57, 101, 125, 255, Math.floor(random() * 256)]
        log[Math.floor(random() * log.length)] = byte[Math.floor(random() * byte.length)]!
      }
      compare(
        log.subarray(0, random() < 0.2 ? Math.floor(random() * log.length) : log.length),
        `round ${round}`,
      )
    }
  })

  it('may lie in pieces of any length', () => {
    const log = usualLines(300, (line) => String(line / 7)).join('')
    const wanted = allOf(parse(log, shorterThanLines))
    for (const pieceBytes of [97, 150, 256, 400, 1000, 4096]) {
      expect(allOf(parse(log, pieceBytes)), `${pieceBytes} bytes`).toEqual(wanted)
      expect(allOf(parse(log.replaceAll('\n', '\r\n'), pieceBytes)).tables).toEqual(wanted.tables)
    }
  })

  it('may go over midnight, back in time, and beyond what a clock shows', () => {
    const step = (time: string, line: number) => stepRecord(line + 1, line / 7).replace(/^.{19}/, time)
    const times = ['2026-02-10 23:59:58', '2026-02-10 23:59:59', '2026-02-11 00:00:00', '2026-02-11 00:00:01']
    const oddTimes = [
      '2026-02-11 00:00:61',
      '2026-02-11 00:00:62',
      '2026-02-11 24:00:00',
      '2026-02-11 00:60:00',
    ]
    const forms = [
      '2026-02-11 00:01:00,123',
      '2026-02-11T00:01:01',
      '2026-02-11 00:01:0x',
      '2026-02-10 12:00:00',
    ]
    const all = [...times, ...oddTimes, ...times.slice(2), ...forms, ...times]
    compare(all.map(step).join(''), 'times')
    const back = ['00:00:10', '00:00:09', '00:00:10', '00:00:08.9', '00:00:08', '00:00:06', '00:00:07']
    const found = parse(back.map((time, line) => step(`2026-02-11 ${time}`, line)).join(''))
    expect(found.state.clock).toEqual({ backwards: 2, line: 4, seconds: expect.closeTo(1.1) as number })
  })

  it('count for the process that wrote them', () => {
    const pids = [1, 22, 333, 4_194_304, 123_456_789_012_345, 1_234_567_890_123_456, 7]
    const log = Array.from({ length: 60 }, (_, line) =>
      stepRecord(line, 0.5, { pid: pids[line % pids.length] }),
    )
    compare(log.join(''), 'pids')
    expect(parse(log.join('')).state.pids.map(({ records }) => records)).toEqual([9, 9, 9, 9, 8, 8, 8])
  })

  it('keep the keys of their own line', () => {
    // As long as each other, so that one stands where the other stood in the block before.
    const keys = ['loc_loss', 'gen_loss']
    const log = Array.from({ length: 4000 }, (_, line) =>
      record(line % 60, `total_loss: 0.500000, ${keys[line & 1]}: ${(line & 1) + 1}.500000`),
    )
    const { loss } = parse(log.join(''), 105 * 7 + 3).tables
    const values = loss.columns.map(({ name, cells }) => [name, new Set(cells.subarray(0, loss.rows)).size])
    expect(values).toEqual([
      ['total_loss', 1],
      ['loc_loss', 2],
      ['gen_loss', 2],
    ])
  })

  it('are read right when several logs are read at once', async () => {
    const { TrainLogParser } = await import('../../../../../src/main/core/training/logs/trainLogParser.ts')
    const logs = [1, 2, 3].map((divisor) =>
      Buffer.from(usualLines(200, (line) => String(line / divisor)).join('')),
    )
    const parsers = logs.map(() => new TrainLogParser())
    for (let at = 0; at < 30_000; at += 1000)
      for (const [index, parser] of parsers.entries()) parser.push(logs[index]!.subarray(at, at + 1000))
    for (const [index, parser] of parsers.entries()) {
      parser.finish()
      expect(allOf(parser)).toEqual(allOf(parse(logs[index]!.subarray(0, 30_000), shorterThanLines)))
    }
  })
})
