import { describe, expect, it } from 'vitest'
import {
  counterpart,
  isChanged,
  itemText,
  launchSections,
  maskedNames,
  valuesFromText,
  withFieldText,
  withSwitch,
  type LaunchField,
} from '../../../../src/renderer/src/features/train/launch/launchFields.ts'
import { pastedCommand } from '../../../../src/renderer/src/features/train/launch/pastedCommand.ts'
import { commandFromForm, formFromCommand } from '../../../../src/shared/domain/launch/launchForm.ts'

const argv = [
  ...['python', 'train_csgo.py', '--csgo_config', 'c.yaml', '--output_dir', 'out', '--learning_rate', '1e-4'],
  ...['--weight_decay', '0.', '--my_flag', 'a', 'b c', '--bf16', 'True'],
]
const form = formFromCommand({ env: {}, argv })
const fieldOf = (flag: string, show = { unset: true }): LaunchField =>
  launchSections(form, show)
    .flatMap(({ fields }) => fields)
    .find(({ spec, item }) => spec?.flag === flag || item?.flag === flag)!

describe('launchSections', () => {
  it('puts every argument of the command into exactly one field, unknown ones last', () => {
    const sections = launchSections(form)
    const shown = sections.flatMap(({ fields }) => fields.flatMap(({ item }) => item?.id ?? []))
    expect([...shown].sort()).toEqual(form.items.map(({ id }) => id).sort())
    expect(sections.at(-1)).toMatchObject({ title: '', fields: [{ item: { flag: '--my_flag' } }] })
  })

  it('shows a needed argument that is missing, and the others only when asked or searched for', () => {
    const empty = formFromCommand({ env: {}, argv: ['python', 'train_csgo.py'] })
    const flags = (show: Parameters<typeof launchSections>[1]) =>
      launchSections(empty, show).flatMap(({ fields }) => fields.map(({ spec }) => spec?.flag))
    expect(flags({ unset: false })).toEqual(['--output_dir'])
    expect(flags({ unset: true }).length).toBeGreaterThan(50)
    expect(flags({ unset: false, text: 'lora_alpha' })).toContain('--lora_alpha')
  })

  it('keeps the key of a field when its argument is set, so that the focus stays', () => {
    const before = fieldOf('--seed')
    expect(before.item).toBeUndefined()
    const changed = withFieldText(form, before, '7')
    const after = launchSections(changed)
      .flatMap(({ fields }) => fields)
      .find(({ spec }) => spec?.flag === '--seed')
    expect(after?.key).toBe(before.key)
    expect(commandFromForm(changed).argv).toEqual([...argv, '--seed', '7'])
  })

  it('gives repeated flags a field each', () => {
    const twice = formFromCommand({
      env: {},
      argv: ['python', 'train_csgo.py', '--seed', '1', '--seed', '2'],
    })
    const seeds = launchSections(twice).flatMap(({ fields }) =>
      fields.filter(({ spec }) => spec?.flag === '--seed'),
    )
    expect(seeds.map(({ key }) => key)).toEqual(['--seed#0', '--seed#1'])
  })
})

describe('editing a field', () => {
  it('changes exactly one word of the command and keeps the others as written', () => {
    const changed = commandFromForm(withFieldText(form, fieldOf('--learning_rate'), '5e-5')).argv
    expect(changed.filter((word, index) => word !== argv[index])).toEqual(['5e-5'])
    expect(changed).toContain('0.')
  })

  it('writes several values as a shell would need them and reads them back', () => {
    const field = fieldOf('--my_flag')
    expect(itemText(field.item!)).toBe("a 'b c'")
    expect(commandFromForm(withFieldText(form, field, itemText(field.item!))).argv).toEqual(argv)
    expect(valuesFromText(`x "y z" 'q'`)).toEqual(['x', 'y z', 'q'])
  })

  it('keeps text with an open quote as it is instead of guessing', () => {
    expect(valuesFromText('a "b')).toEqual(['a "b'])
    expect(valuesFromText('a > b')).toEqual(['a > b'])
  })

  it('takes a switch out of the command and puts it back without a value', () => {
    const bench = formFromCommand({
      env: {},
      argv: ['python', 'benchmark_csgo.py', '--fid', '--gt', 'a', '--pred', 'b'],
    })
    const field = (flag: string, of = bench) =>
      launchSections(of, { unset: true })
        .flatMap(({ fields }) => fields)
        .find(({ spec }) => spec?.flag === flag)!
    const off = withSwitch(bench, field('--fid'), false)
    expect(commandFromForm(off).argv).not.toContain('--fid')
    expect(commandFromForm(withSwitch(off, field('--fid', off), true)).argv.at(-1)).toBe('--fid')
  })
})

describe('comparing with the record', () => {
  it('marks what has another value or was not there', () => {
    const changed = withFieldText(form, fieldOf('--bf16'), 'False')
    const bf16 = changed.items.find(({ flag }) => flag === '--bf16')!
    const rate = changed.items.find(({ flag }) => flag === '--learning_rate')!
    expect(isChanged(form, changed, bf16)).toBe(true)
    expect(isChanged(form, changed, rate)).toBe(false)
    expect(isChanged(undefined, changed, bf16)).toBe(false)
    expect(counterpart(form, changed, bf16)?.values).toEqual(['True'])
  })

  it('finds a flag that is written with dashes in the record', () => {
    const dashes = formFromCommand({ env: {}, argv: ['python', 'train_csgo.py', '--learning-rate', '1e-4'] })
    const item = form.items.find(({ flag }) => flag === '--learning_rate')!
    expect(counterpart(dashes, form, item)?.values).toEqual(['1e-4'])
  })
})

describe('pastedCommand', () => {
  it('reads variables, continued lines and a prompt, and names what it leaves out', () => {
    expect(pastedCommand('$ A=1 python train.py \\\n  --x "a b" > log 2>&1 &')).toEqual({
      command: { env: { A: '1' }, argv: ['python', 'train.py', '--x', 'a b'] },
      redirects: ['> log', '2>&1'],
    })
  })

  it('says what is wrong instead of guessing', () => {
    expect(pastedCommand('python "a')).toMatchObject({ problem: 'unreadable', line: 1 })
    expect(pastedCommand('python $X')).toMatchObject({ problem: 'unreadable' })
    expect(pastedCommand('a; b')).toEqual({ problem: 'several', count: 2 })
    expect(pastedCommand('A=1')).toEqual({ problem: 'none' })
  })
})

describe('maskedNames', () => {
  it('names every secret that has to be written again', () => {
    const kept = formFromCommand({
      env: { WANDB_API_KEY: '••••••', A: 'b' },
      argv: ['python', 'x.py', '--hub_token', '••••••'],
    })
    expect(maskedNames(kept)).toEqual(['WANDB_API_KEY', '--hub_token'])
    expect(maskedNames(form)).toEqual([])
  })
})
