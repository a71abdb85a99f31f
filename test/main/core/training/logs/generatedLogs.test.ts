import { describe, expect, it } from 'vitest'
import { summarizeLog } from '../../../../../src/main/core/training/logs/inspect.ts'
import { generateLog } from './generatedLogs.ts'
import { parse } from './samples.ts'

const logs = 400

describe(`${logs} generated logs`, () => {
  it('are read as they were meant, however their bytes arrive', () => {
    for (let seed = 1; seed <= logs; seed++) {
      const { bytes, truth } = generateLog(seed)
      const found = summarizeLog(parse(bytes, [Infinity, 1000, 77][seed % 3]), bytes.length)
      expect(
        {
          metricLines: found.metricLines,
          stepLines: found.stepLines,
          lossLines: found.lossLines,
          indicesLines: found.indicesLines,
          firstLast: found.firstLast,
          keys: new Set(found.keys),
          spanSeconds: found.spanSeconds,
          lines: found.lines,
          processIds: found.processIds.length,
        },
        `seed ${seed}`,
      ).toEqual(truth)
    }
  })
})
