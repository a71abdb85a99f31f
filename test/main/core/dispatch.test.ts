import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { command, stream } from '../../../src/shared/contract/operation.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { createDispatcher } from '../../../src/main/core/dispatch.ts'
import { openStudio } from '../../support/studio.ts'
import { contract } from '../../../src/shared/contract/index.ts'

const part = {
  'math.double': command({ input: z.object({ value: z.number() }), output: z.number() }),
  'math.fail': command({ input: z.object({ how: z.enum(['known', 'bug']) }), output: z.number() }),
  'math.count': stream({ input: z.object({ to: z.number() }), output: z.number() }),
}

function dispatcher(seen: string[] = []) {
  return createDispatcher(
    part,
    {
      'math.double': ({ value }) => 2 * value,
      'math.fail': ({ how }) => {
        if (how === 'known') throw new AppError('not-found', 'Not here.')
        throw new TypeError('undefined is not a function')
      },
      'math.count': async function* ({ to }) {
        for (let value = 0; value < to; value++) yield value
      },
    },
    (name, error) => seen.push(`${name}: ${error.message}`),
  )
}

describe('the dispatcher', () => {
  it('parses the input, calls the handler and gives the value', async () => {
    expect(await dispatcher().call('math.double', { value: 21 })).toEqual({ ok: true, value: 42 })
  })

  it('refuses wrong input by naming the field, and the handler never sees it', async () => {
    const reply = await dispatcher().call('math.double', { value: 'x' })
    expect(reply).toMatchObject({ ok: false, error: { code: 'usage' } })
    if (!reply.ok) expect(reply.error.message).toContain('value')
  })

  it('knows no other names, inherited ones included', async () => {
    for (const name of ['math.triple', 'constructor', '__proto__', 'toString']) {
      expect(await dispatcher().call(name, {})).toMatchObject({ ok: false, error: { code: 'usage' } })
    }
  })

  it('gives known errors as data and reports bugs', async () => {
    const bugs: string[] = []
    expect(await dispatcher(bugs).call('math.fail', { how: 'known' })).toEqual({
      ok: false,
      error: { code: 'not-found', message: 'Not here.' },
    })
    expect(bugs).toEqual([])
    expect(await dispatcher(bugs).call('math.fail', { how: 'bug' })).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    })
    expect(bugs).toEqual(['math.fail: undefined is not a function'])
  })

  it('opens streams, and tells calls and streams apart', async () => {
    const values: unknown[] = []
    for await (const value of dispatcher().open('math.count', { to: 3 }, new AbortController().signal))
      values.push(value)
    expect(values).toEqual([0, 1, 2])
    expect(await dispatcher().call('math.count', { to: 3 })).toMatchObject({
      ok: false,
      error: { code: 'usage' },
    })
    expect(() => dispatcher().open('math.double', { value: 1 }, new AbortController().signal)).toThrow(
      /not a stream/,
    )
  })
})

describe('the studio', () => {
  it('has a handler for every operation of the contract', async () => {
    const { studio } = openStudio()
    for (const [name, operation] of Object.entries(contract)) {
      if (operation.kind === 'stream') continue
      const reply = await studio.call(name, null)
      // Nothing takes null: the input is refused, which only a found handler's schema can do.
      expect(reply).toMatchObject({
        ok: false,
        error: {
          code: 'usage',
          message: expect.stringContaining(`${name}: the request is not valid`) as string,
        },
      })
    }
    await studio.close()
  })
})
