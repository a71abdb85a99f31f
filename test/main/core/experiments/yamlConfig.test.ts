import { describe, expect, it } from 'vitest'
import { diffConfigs, editConfig, readConfig } from '../../../../src/main/core/experiments/yamlConfig.ts'
import { AppError } from '../../../../src/shared/errors.ts'

const config = `#######
### 实验配置
#######

### model
debug: False   # 调试
lr: 1e-4
action_dit_lr: 1.0e-5 # fine
### data
train_maps: ['de_dust2', "de_nuke"]   # two maps
steps:
  - 0
  - 10000
data_dir: "data/preprocessed_data"
empty:
lr_scheduler_kwargs: {min_lr: 1e-5}
last: '#no comment'`

const error = (run: () => unknown): AppError => {
  try {
    run()
  } catch (caught) {
    if (caught instanceof AppError) return caught
    throw caught
  }
  throw new Error('nothing was thrown')
}

describe('readConfig', () => {
  it('gives every value with its source, line, comment and section', () => {
    const { entries, values } = readConfig(config, 'a.yaml')
    expect(entries[0]).toEqual({
      key: 'debug',
      value: false,
      raw: 'False',
      line: 6,
      comment: '调试',
      section: 'model',
    })
    expect(entries.find(({ key }) => key === 'train_maps')).toMatchObject({
      raw: `['de_dust2', "de_nuke"]`,
      comment: 'two maps',
      section: 'data',
    })
    expect(values).toMatchObject({
      train_maps: ['de_dust2', 'de_nuke'],
      steps: [0, 10_000],
      empty: null,
      last: '#no comment',
    })
    expect(entries.at(-1)?.comment).toBeUndefined()
  })

  it('says which numbers Python reads as text, and which keys are given twice', () => {
    expect(readConfig(config, 'a.yaml').problems).toMatchObject([
      { line: 7, key: 'lr', message: expect.stringContaining('1.0e-4') as string },
    ])
    expect(readConfig('a: 1\nb: 2\na: 3\n', 'a.yaml')).toMatchObject({
      values: { a: 3, b: 2 },
      problems: [{ line: 3, key: 'a' }],
    })
  })

  it.each([
    ['a: 1\nb: [1, 2\nc: 3\n', 2],
    ['a: 1\n  b: 2\n', 2],
    ['a: "open\nb: 2\n', 1],
    ['a: 1\n\tb: 2\n', 2],
    ['- 1\n- 2\n', 1],
    ['just text', 1],
  ])('names line and reason of broken YAML: %j', (text, line) => {
    const caught = error(() => readConfig(text, 'broken.yaml'))
    expect(caught).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('broken.yaml') as string,
    })
    expect(caught.details?.reason).not.toBe('')
    expect(caught.details?.line).toBe(line)
  })

  it('runs and builds nothing: tags, aliases that multiply, odd keys', () => {
    expect(readConfig('a: !!python/object/apply:os.system ["x"]\n', 'a.yaml').problems).toHaveLength(1)
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ].join('\n')
    expect(error(() => readConfig(bomb, 'bomb.yaml')).code).toBe('unreadable')
    expect(Object.getPrototypeOf(readConfig('__proto__: {x: 1}\n', 'a.yaml').values)).toBe(Object.prototype)
    expect(readConfig('', 'a.yaml').entries).toEqual([])
  })
})

describe('editConfig', () => {
  const edit = (key: string, raw: string | null, text = config) => editConfig(text, [{ key, raw }], 'a.yaml')

  it('changes the characters of one value and nothing else', () => {
    expect(edit('debug', 'True')).toBe(config.replace('debug: False', 'debug: True'))
    expect(edit('train_maps', '[de_dust2]')).toBe(config.replace(`['de_dust2', "de_nuke"]`, '[de_dust2]'))
    expect(edit('lr_scheduler_kwargs', '{min_lr: 1.0e-6}')).toBe(
      config.replace('{min_lr: 1e-5}', '{min_lr: 1.0e-6}'),
    )
    expect(edit('last', '3')).toBe(config.replace(`'#no comment'`, '3'))
    expect(edit('empty', 'now')).toBe(config.replace('empty:', 'empty: now'))
  })

  it('keeps Windows line ends and the missing end of the last line', () => {
    const windows = config.replaceAll('\n', '\r\n')
    expect(edit('debug', 'True', windows)).toBe(windows.replace('debug: False', 'debug: True'))
    expect(edit('new_key', '5', windows)).toBe(`${windows}\r\nnew_key: 5\r\n`)
  })

  it('replaces a list over several lines, takes entries away and adds new ones', () => {
    expect(edit('steps', '[0, 5]')).toBe(config.replace('steps:\n  - 0\n  - 10000', 'steps: [0, 5]'))
    expect(edit('steps', null)).toBe(config.replace('steps:\n  - 0\n  - 10000\n', ''))
    expect(edit('debug', null)).toBe(config.replace('debug: False   # 调试\n', ''))
    expect(edit('added', '1.0e-4')).toBe(`${config}\nadded: 1.0e-4\n`)
    expect(edit('absent', null)).toBe(config)
  })

  it.each(['a\nb: 1', '', ' 1', '1 # comment', '[1, 2', 'a: b: c', '"open', '1\r'])(
    'refuses the value %j',
    (raw) => {
      expect(error(() => edit('debug', raw)).code).toBe('usage')
    },
  )

  it('refuses a key that would be something else', () => {
    expect(error(() => edit('a: b\nc', '1')).code).toBe('usage')
  })
})

describe('diffConfigs', () => {
  it('compares by meaning and names added and removed keys', () => {
    const before = readConfig('a: 1.0e-4\nb: True\nc: 1\nd: 2\n', 'a')
    const after = readConfig('a: 0.0001\nb: true\nc: 3\ne: 4\n', 'b')
    expect(diffConfigs(before, after)).toEqual([
      { key: 'c', before: '1', after: '3' },
      { key: 'd', before: '2' },
      { key: 'e', after: '4' },
    ])
  })
})
