import { describe, expect, test } from 'vitest'
import { diffForms } from '../../../../src/shared/domain/launch/launchDiff.ts'
import { commandFromForm, formFromCommand } from '../../../../src/shared/domain/launch/launchForm.ts'
import { withDifferenceUndone } from '../../../../src/shared/domain/launch/takeOver.ts'

const formOf = (env: Record<string, string>, ...argv: string[]) => formFromCommand({ env, argv })
const other = formOf({ MASTER_PORT: '29505', A: '1' }, 'python', 'train.py', '--lr', '1e-4', '--bf16', 'True')
const form = formOf({ MASTER_PORT: '29600', B: '2' }, 'python', 'train.py', '--lr', '3e-4', '--seed', '7')

describe('withDifferenceUndone', () => {
  test('takes one value over at a time until nothing differs', () => {
    let current = form
    for (let left = diffForms(other, current); left.length > 0; left = diffForms(other, current)) {
      const next = withDifferenceUndone(current, other, left[0])
      if (next === undefined) throw new Error(`cannot be taken over: ${JSON.stringify(left[0])}`)
      expect(diffForms(other, next)).toHaveLength(left.length - 1)
      current = next
    }
    const { env, argv } = commandFromForm(current)
    expect(env).toEqual({ MASTER_PORT: '29505', A: '1' })
    expect([...argv].sort()).toEqual(['--bf16', '--lr', '1e-4', 'True', 'python', 'train.py'])
  })

  test('leaves launchers alone, which are changed as a whole', () => {
    const torchrun = formOf({}, 'torchrun', '--nproc_per_node=2', 'train.py')
    const launcher = diffForms(torchrun, form).find(({ place }) => place === 'launcher')
    expect(launcher && withDifferenceUndone(form, torchrun, launcher)).toBeUndefined()
  })
})
