import { describe, expect, it } from 'vitest'
import { parseTrainerState } from '../../../../../src/main/core/training/logs/trainerState.ts'
import { rowsOf } from './samples.ts'

const text = `{
  "best_metric": null, "epoch": 6.9, "global_step": 1082, "is_world_process_zero": true, "nothing": NaN, "name": "é\\n中",
  "log_history": [
    {"loss": 22.7472, "grad_norm": NaN, "learning_rate": 9.9036e-05, "epoch": 6.9, "step": 1081, "other_info": {"loc_indices": 4, "loss": -Infinity}},
    {"loss": 0.5, "step": 1082},
    {"train_runtime": 12.5, "epoch": 7.0, "step": 1082}
  ],
  "stateful_callbacks": {"TrainerControl": {"args": {"should_log": false}, "attributes": {}}}, "max_steps": 15700
}`

describe('parseTrainerState', () => {
  it('reads fields and history with bare NaN and Infinity', () => {
    const { fields, log, isComplete } = parseTrainerState(Buffer.from(text))
    expect(isComplete).toBe(true)
    expect(fields).toMatchObject({
      global_step: 1082,
      best_metric: null,
      nothing: NaN,
      max_steps: 15700,
      name: 'é\n中',
    })
    expect(rowsOf(log.tables.state)).toEqual([
      {
        loss: 22.7472,
        grad_norm: NaN,
        learning_rate: 9.9036e-5,
        epoch: 6.9,
        loc_indices: 4,
        'info.loss': -Infinity,
      },
      { loss: 0.5 },
      { train_runtime: 12.5, epoch: 7 },
    ])
    expect([...log.tables.state.steps.subarray(0, 3)]).toEqual([1081, 1082, 1082])
  })

  it('keeps what stands before the end of a half-written file, at every length', () => {
    const bytes = Buffer.from(text)
    for (let length = 1; length < bytes.length; length++) {
      const { log, isComplete } = parseTrainerState(bytes.subarray(0, length))
      expect(isComplete).toBe(false)
      for (const row of rowsOf(log.tables.state))
        expect(row['loss'] ?? row['train_runtime']).toSatisfy((value: number) =>
          [22.7472, 0.5, 12.5].includes(value),
        )
    }
  })

  it('refuses what is no JSON object', () => {
    expect(() => parseTrainerState(Buffer.from('\0\0\0'))).toThrow(/not a trainer state/)
    expect(() => parseTrainerState(Buffer.from(''))).toThrow(/not a trainer state/)
  })
})
