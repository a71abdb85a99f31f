import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDispatcher } from '../../../../src/main/core/dispatch.ts'
import { experimentsRepository } from '../../../../src/main/core/experiments/experiments.repository.ts'
import { experimentHandlers } from '../../../../src/main/core/experiments/handlers.ts'
import { openDatabase, type Db } from '../../../../src/main/core/store/database.ts'
import { experiments as contract } from '../../../../src/shared/contract/experiments.ts'
import type { OutputOf } from '../../../../src/shared/contract/operation.ts'
import type { Score } from '../../../../src/shared/domain/score.ts'

type Name = keyof typeof contract
const measured: Record<string, Record<string, Score>> = { exp2: { FID: { status: 'ok', value: 14.5 } } }
let root: string
let db: Db
let call: <N extends Name>(name: N, input: unknown) => Promise<OutputOf<(typeof contract)[N]>>
let fail: (name: Name, input: unknown) => Promise<string>

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parallax-experiments-'))
  db = openDatabase(join(root, 'studio.db'))
  const handlers = experimentHandlers({
    repository: experimentsRepository(db),
    workspaceRoots: () => [root],
    gpus: () => Promise.resolve([{ index: 0, memoryUsedMiB: 0, memoryTotalMiB: 80_000 }]),
    scoresOf: (name) => Promise.resolve(measured[name] ?? {}),
  })
  const { call: dispatch } = createDispatcher(contract, handlers)
  call = async (name, input) => {
    const reply = await dispatch(name, input)
    if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
    return contract[name].output.parse(reply.value) as never
  }
  fail = async (name, input) => {
    const reply = await dispatch(name, input)
    return reply.ok ? 'ok' : `${reply.error.code} ${reply.error.message}`
  }
})
afterEach(() => {
  db.close()
  rmSync(root, { recursive: true, force: true })
})

const write = (path: string, text: string | Buffer) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const train = (name: string, more = '') =>
  `\`python train_csgo.py --csgo_config csgo_configs/${name}.yaml --output_dir outputs/${name} --learning_rate 1e-4 ${more}\``
const book = (...sections: string[][]) => sections.map((lines) => lines.join('\n')).join('\n\n')
const exp1 = ['## exp1', '- dust2 only', '- first idea', train('exp1')]
const exp2 = [
  '## exp2',
  'copy from exp1',
  '- three maps',
  train('exp2', '--bf16 True'),
  '**eval_csgo_loc.py** 8000 masked_loc_loss: 0.5',
  '`python eval_csgo_loc.py --csgo_config csgo_configs/test/exp2_loc.yaml`',
]
const importBook = (text: string) => {
  write('record.md', text)
  return call('experiments.import', { path: join(root, 'record.md') })
}
const idsByName = async () =>
  Object.fromEntries((await call('experiments.tree', {})).map(({ name, id }) => [name, id]))

describe('import', () => {
  it('lists experiments in the documented shape', async () => {
    expect(await importBook(book(exp1, exp2))).toMatchObject({
      experiments: 2,
      commands: 3,
      added: ['exp1', 'exp2'],
      problems: [],
    })
    const { experiments } = await call('experiments.list', {})
    expect(Object.keys(experiments[0])).toEqual(['name', 'level', 'parent', 'lines', 'notes', 'commands'])
    expect(Object.keys(experiments[0].commands[0])).toEqual(['line', 'kind', 'env', 'argv', 'labels', 'todo'])
    expect(experiments.map(({ name, level, parent, lines }) => [name, level, parent, lines])).toEqual([
      ['exp1', 2, null, [1, 5]],
      ['exp2', 2, null, [6, 11]],
    ])
  })

  it('changes nothing when the same file is read again', async () => {
    await importBook(book(exp1, exp2))
    const before = await call('experiments.tree', {})
    expect(await importBook(book(exp1, exp2))).toMatchObject({
      added: [],
      changed: [],
      renamed: [],
      missing: [],
    })
    expect(await call('experiments.tree', {})).toEqual(before)
  })

  it('keeps identities and additions when sections move, are renamed and change', async () => {
    await importBook(book(exp1, exp2))
    const before = await idsByName()
    const shown = await call('experiments.show', { experiment: 'exp2' })
    await call('experiments.annotate', {
      experimentId: before.exp2,
      kind: 'note',
      text: '<b>mine</b>',
      commandId: shown.commandIds[1],
    })
    const renamed = ['## exp2_final', ...exp2.slice(1), '- one more note']
    expect(await importBook(book(renamed, ['## exp0', '- new'], exp1))).toMatchObject({
      added: ['exp0'],
      renamed: [{ from: 'exp2', to: 'exp2_final' }],
      missing: [],
    })
    const after = await idsByName()
    expect(after).toMatchObject({ exp1: before.exp1, exp2_final: before.exp2 })
    const again = await call('experiments.show', { experiment: 'exp2_final' })
    expect(again.commandIds).toEqual(shown.commandIds)
    expect(again.additions).toMatchObject([{ text: '<b>mine</b>', commandId: shown.commandIds[1] }])
  })

  it('keeps the identity with the larger part when a section is split', async () => {
    const long = [
      '## exp5',
      '- a b c',
      '- d e f',
      '- g h i',
      train('exp5_a'),
      train('exp5_b'),
      train('exp5_c'),
    ]
    await importBook(book(exp1, long))
    const { exp5 } = await idsByName()
    await importBook(
      book(
        exp1,
        ['## exp5 late', train('exp5_c')],
        ['## exp5 early', '- a b c', '- d e f', train('exp5_a'), train('exp5_b')],
      ),
    )
    const after = await idsByName()
    expect(after['exp5 early']).toBe(exp5)
    expect(after['exp5 late']).not.toBe(exp5)
  })

  it('keeps one identity of merged sections, and what was added to the other', async () => {
    await importBook(book(exp1, exp2))
    const before = await idsByName()
    await call('experiments.annotate', { experimentId: before.exp1, kind: 'note', text: 'mine' })
    // All of exp1, more blanks and other line ends included, now stands at the end of exp2.
    const merged = [...exp2, ...exp1.slice(1).map((line) => `${line}   `)].join('\r\n')
    const summary = await importBook(merged)
    expect(summary).toMatchObject({ added: [], missing: ['exp1'], changed: ['exp2'] })
    expect(await idsByName()).toEqual(before)
    expect(await call('experiments.show', { experiment: 'exp1' })).toMatchObject({
      isMissing: true,
      additions: [{ text: 'mine' }],
    })
    expect((await call('experiments.list', {})).experiments.map(({ commands }) => commands.length)).toEqual([
      3,
    ])
  })

  it('lets swapped names follow their content', async () => {
    await importBook(book(exp1, exp2))
    const before = await idsByName()
    await importBook(book(['## exp2', ...exp1.slice(1)], ['## exp1', ...exp2.slice(1)]))
    expect(await idsByName()).toEqual({ exp1: before.exp2, exp2: before.exp1 })
  })

  it('keeps a vanished experiment as missing and takes it back', async () => {
    await importBook(book(exp1, exp2))
    const { exp2: id } = await idsByName()
    await call('experiments.annotate', { experimentId: id, kind: 'tag', text: 'best' })
    expect(await importBook(book(exp1))).toMatchObject({ missing: ['exp2'] })
    expect(await call('experiments.tree', {})).toMatchObject([
      { isMissing: false },
      { id, isMissing: true, tags: ['best'] },
    ])
    expect((await call('experiments.list', {})).experiments).toHaveLength(1)
    await importBook(book(exp2, exp1))
    expect(await call('experiments.tree', {})).toMatchObject([
      { id, isMissing: false, tags: ['best'] },
      { isMissing: false },
    ])
  })

  it('never doubles equal commands, however often they are read', async () => {
    const twice = ['## exp1', train('exp1'), train('exp1')]
    await importBook(book(twice))
    const { commandIds } = await call('experiments.show', { experiment: 'exp1' })
    expect(new Set(commandIds).size).toBe(2)
    await importBook(book(['## exp0', 'text'], twice))
    expect((await call('experiments.show', { experiment: 'exp1' })).commandIds).toEqual(commandIds)
  })

  it('reads other encodings, and refuses what is no text', async () => {
    write('gb.md', Buffer.from([0x23, 0x23, 0x20, 0xca, 0xb5, 0xd1, 0xe9, 0x0a]))
    expect(await call('experiments.import', { path: join(root, 'gb.md') })).toMatchObject({
      added: ['实验'],
      problems: [{ code: 'encoding' }],
    })
    write('utf16.md', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('## exp1\r\n', 'utf16le')]))
    expect(await call('experiments.import', { path: join(root, 'utf16.md') })).toMatchObject({
      added: ['exp1'],
    })
    write('junk.md', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 37) % 256)))
    expect(await fail('experiments.import', { path: join(root, 'junk.md') })).toMatch(
      /^unreadable .*not a text file/,
    )
    expect(await fail('experiments.import', { path: join(root, 'absent.md') })).toMatch(/^not-found/)
    expect(await fail('experiments.import', { path: root })).toMatch(/^usage/)
  })

  it('reports what every line became', async () => {
    await importBook(`# envs\npip install x\n\n${book(exp1)}\n\`python train_csgo.py --run_name "open\``)
    const report = await call('experiments.report', {})
    expect(report.lines.map(({ kind }) => kind)).toEqual([
      'heading',
      'shell',
      'blank',
      'heading',
      'note',
      'note',
      'command',
      'command-problem',
    ])
    expect(report.problems).toMatchObject([
      { line: 8, severity: 'error', code: 'unbalanced', experiment: 'exp1' },
    ])
    expect(report.parts.map(({ name }) => name)).toEqual(['envs'])
  })
})

describe('show', () => {
  it('gives base, children, links and todos', async () => {
    await importBook(book(exp1, [...exp2, '### exp2_1', '- todo: again'], ['## exp3', '- exp2 with more']))
    expect(await call('experiments.show', { experiment: 'exp2' })).toMatchObject({
      base: { name: 'exp1', why: 'copied' },
      children: ['exp2_1'],
      backlinks: [{ from: 'exp3' }],
    })
    expect(await call('experiments.show', { experiment: 'exp2_1' })).toMatchObject({
      base: { name: 'exp2' },
      todos: [{ text: 'todo: again' }],
    })
    expect(await call('experiments.show', { experiment: 'exp3' })).toMatchObject({ base: { name: 'exp2' } })
    const { exp3 } = await idsByName()
    await call('experiments.setBase', { experimentId: exp3, base: 'exp1' })
    expect(await call('experiments.show', { experiment: 'exp3' })).toMatchObject({
      base: { name: 'exp1', why: 'chosen' },
    })
    expect(await fail('experiments.show', { experiment: 'exp9' })).toMatch(/^not-found/)
  })
})

describe('forms and hints', () => {
  it('makes a form of a recorded command, a pasted line and argv, and gives them back', async () => {
    await importBook(book(exp1, exp2))
    const { commandIds, section } = await call('experiments.show', { experiment: 'exp2' })
    const { form, experiment } = await call('experiments.form', { commandId: commandIds[0] })
    expect(experiment).toBe('exp2')
    const { argv, env } = await call('experiments.command', { form })
    expect({ argv, env }).toEqual({ argv: section.commands[0].argv, env: {} })
    const pasted = await call('experiments.form', {
      text: '$ A="x y" python eval_csgo.py --csgo_config a.yaml',
    })
    expect(await call('experiments.command', { form: pasted.form, against: pasted.form })).toMatchObject({
      shell: `A='x y' python eval_csgo.py --csgo_config a.yaml`,
      differences: [],
    })
    expect(await fail('experiments.form', { text: 'python eval_csgo.py --csgo_config $X' })).toMatch(/^usage/)
    expect(await fail('experiments.form', { text: 'rm -rf /' })).toMatch(/^usage/)
  })

  it('looks at port, checkpoints, config, files and data set of the workspace', async () => {
    write('train_csgo.py', '')
    write(
      'csgo_configs/exp1.yaml',
      'train_maps: [de_dust2]\nis_multi_task_balanced: True\ntask_mix_ratio: 1.0\nlearning_rate: 5.0e-4\nresume_ckpt_path: outputs/none/model.safetensors\n',
    )
    write(
      'data/preprocessed_data/de_dust2/splits_20000_5000/train_split.json',
      JSON.stringify(Array.from({ length: 100 }, () => ({ x: 1 }))),
    )
    mkdirSync(join(root, 'outputs/exp1/checkpoint-2000'), { recursive: true })
    const server = createServer()
    await new Promise<void>((ready) => server.listen(0, ready))
    const { port } = server.address() as { port: number }
    const text = `MASTER_PORT=${port} python train_csgo.py --csgo_config csgo_configs/exp1.yaml --output_dir outputs/exp1 --learning_rate 1e-4 --per_device_train_batch_size 8 --num_train_epochs 2`
    const { form } = await call('experiments.form', { text })
    const { hints, size, entries, checkpointSteps } = await call('experiments.hints', { form, root })
    await new Promise((closed) => server.close(closed))
    expect(hints.map(({ id }) => id).sort()).toEqual([
      'checkpoints-exist',
      'missing-file',
      'mix-ratio-ignored',
      'overridden',
      'port-in-use',
    ])
    expect({ entries, checkpointSteps }).toEqual({ entries: 100, checkpointSteps: [2000] })
    expect(size).toMatchObject({ entriesPerStep: 8, samplesPerStep: 16, stepsPerEpoch: 12, totalSteps: 24 })
    expect((await call('experiments.freePort', { from: 30_000 })).port).toBeGreaterThanOrEqual(30_000)
  })

  it('shows a broken config as a hint with its line', async () => {
    write('csgo_configs/exp1.yaml', 'a: 1\nb: [1\n')
    const { form } = await call('experiments.form', {
      text: 'python eval_csgo.py --csgo_config csgo_configs/exp1.yaml',
    })
    const { hints } = await call('experiments.hints', { form, root })
    expect(hints).toContainEqual(
      expect.objectContaining({ id: 'config-problem', message: expect.stringMatching(/line \d/) as string }),
    )
  })

  it('checks a whole log for names that do not match', async () => {
    await importBook(
      book(
        ['## exp4_3~6', '- exp4_7_lr1e-4', train('exp4_6')],
        ['## exp1', 'WORLD_SIZE=2', `\`WORLD_SIZE=2 ${train('exp1').slice(1)}`],
      ),
    )
    const { commands } = await call('experiments.check', {})
    expect(commands.map(({ hints }) => hints.map(({ id }) => id))).toEqual([
      ['names-differ'],
      ['world-size-without-launcher'],
    ])
  })

  it('keeps templates', async () => {
    const { form } = await call('experiments.form', { text: 'python eval_csgo.py --csgo_config a.yaml' })
    const saved = await call('experiments.templates.save', { name: 'gen', form })
    await call('experiments.templates.save', { name: 'gen', form })
    expect(await call('experiments.templates.list', {})).toEqual([saved])
    expect(await call('experiments.templates.remove', { id: saved.id })).toEqual({ removed: true })
  })
})

describe('configs', () => {
  const yaml = '### model\nlr: 1.0e-4 # rate\nmaps: [a, b]\n'

  it('reads, previews, saves, copies and compares with comments kept', async () => {
    write('csgo_configs/a.yaml', yaml)
    const opened = await call('experiments.config.read', { path: 'csgo_configs/a.yaml', root })
    const edits = [{ key: 'lr', raw: '5.0e-4' }]
    expect(
      (await call('experiments.config.preview', { path: 'csgo_configs/a.yaml', edits, root })).patch,
    ).toContain('+lr: 5.0e-4 # rate')
    const saved = await call('experiments.config.save', {
      path: 'csgo_configs/a.yaml',
      hash: opened.hash,
      edits,
      root,
    })
    expect(saved.text).toBe(yaml.replace('1.0e-4', '5.0e-4'))
    expect(
      await fail('experiments.config.save', { path: 'csgo_configs/a.yaml', hash: opened.hash, edits, root }),
    ).toMatch(/^conflict/)
    expect(
      await fail('experiments.config.save', {
        path: 'csgo_configs/a.yaml',
        hash: saved.hash,
        text: 'a: [',
        root,
      }),
    ).toMatch(/^unreadable .*line/)
    await call('experiments.config.create', {
      from: 'csgo_configs/a.yaml',
      path: 'csgo_configs/new/b.yaml',
      edits: [{ key: 'maps', raw: '[c]' }],
      root,
    })
    expect(readFileSync(join(root, 'csgo_configs/new/b.yaml'), 'utf8')).toContain(
      'lr: 5.0e-4 # rate\nmaps: [c]',
    )
    expect(
      await fail('experiments.config.create', {
        from: 'csgo_configs/a.yaml',
        path: 'csgo_configs/new/b.yaml',
        root,
      }),
    ).toMatch(/^conflict/)
    expect(
      (
        await call('experiments.config.diff', {
          before: 'csgo_configs/a.yaml',
          after: 'csgo_configs/new/b.yaml',
          root,
        })
      ).differences,
    ).toEqual([{ key: 'maps', before: '[a, b]', after: '[c]' }])
    expect(await call('experiments.config.list', { root })).toEqual([
      'csgo_configs/a.yaml',
      'csgo_configs/new/b.yaml',
    ])
  })

  it('never leaves the workspace', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'parallax-outside-'))
    writeFileSync(join(outside, 'secret.yaml'), 'a: 1\n')
    mkdirSync(join(root, 'csgo_configs'))
    symlinkSync(outside, join(root, 'csgo_configs/link'))
    try {
      for (const path of [
        join(outside, 'secret.yaml'),
        '../x.yaml',
        'csgo_configs/link/secret.yaml',
        'csgo_configs/../../x.yaml',
        'a\0.yaml',
      ]) {
        expect(await fail('experiments.config.read', { path, root }), path).toMatch(/^(permission|usage)/)
        expect(
          await fail('experiments.config.create', { from: path, path: 'csgo_configs/new.yaml', root }),
          path,
        ).toMatch(/^(permission|usage)/)
      }
      write('csgo_configs/a.yaml', yaml)
      expect(
        await fail('experiments.config.create', {
          from: 'csgo_configs/a.yaml',
          path: 'csgo_configs/link/new.yaml',
          root,
        }),
      ).toMatch(/^permission/)
      expect(await fail('experiments.config.read', { path: 'secret.yaml', root: outside })).toMatch(
        /^permission/,
      )
      expect(await fail('experiments.config.read', { path: 'studio.db', root })).toMatch(/^usage/)
      const { form } = await call('experiments.form', {
        text: `python eval_csgo.py --csgo_config ${outside}/secret.yaml`,
      })
      expect((await call('experiments.hints', { form, root })).hints.map(({ id }) => id)).toContain(
        'outside-workspace',
      )
    } finally {
      rmSync(outside, { recursive: true })
    }
  })
})

describe('matrix and comparison', () => {
  it('puts configs and command lines side by side and names what changed', async () => {
    write('csgo_configs/exp1.yaml', 'maps: [a]\nratio: 0.5\n')
    write('csgo_configs/exp2.yaml', 'maps: [a, b, c]\nratio: 0.5\n')
    await importBook(book(exp1, exp2, ['## exp3', '- exp2 + more', train('exp3')]))
    const matrix = await call('experiments.matrix', {})
    expect(matrix.columns.map(({ experiment, base, reason }) => [experiment, base, reason === null])).toEqual(
      [
        ['exp1', null, true],
        ['exp2', 0, true],
        ['exp3', 1, false],
      ],
    )
    const names = (changes: number[]) => changes.map((row) => matrix.rows[row].key)
    expect(names(matrix.changes[1])).toEqual(
      expect.arrayContaining(['maps', '--csgo_config', '--output_dir', '--bf16']),
    )
    expect(names(matrix.changes[1])).not.toContain('ratio')
    expect(names(matrix.changes[2])).not.toContain('maps')
    const comparison = await call('experiments.compare', { experiments: ['exp1', 'exp2'] })
    expect(comparison.changed.find(({ key }) => key === 'maps')?.cells).toEqual(['[a]', '[a, b, c]'])
    expect(comparison.changed.map(({ key }) => key)).not.toContain('--learning_rate')
    expect(comparison.noted).toEqual([{ name: 'masked_loc_loss', cells: [[], [{ line: 11, value: 0.5 }]] }])
    expect(comparison.scores).toEqual([{ name: 'FID', cells: [null, { status: 'ok', value: 14.5 }] }])
  })
})

describe('writing the log', () => {
  const entry = {
    experiment: 'exp2',
    kind: 'eval-loc',
    command: {
      env: {},
      argv: ['python', 'eval_csgo_loc.py', '--csgo_config', 'csgo_configs/test/exp2_loc.yaml'],
    },
    step: 8000,
    scores: { XY_Dist: '71.2' },
  }

  it('shows the change first, then writes exactly that', async () => {
    await importBook(book(exp1, exp2))
    const { patch, after, hash } = await call('experiments.propose', { entry })
    expect(patch).toContain('+**eval_csgo_loc.py** 8000 masked_loc_loss: 0.5 XY_Dist: 71.2')
    expect(readFileSync(join(root, 'record.md'), 'utf8')).toBe(book(exp1, exp2))
    const ids = await idsByName()
    expect((await call('experiments.append', { entry, hash })).import).toMatchObject({
      added: [],
      changed: ['exp2'],
    })
    expect(readFileSync(join(root, 'record.md'), 'utf8')).toBe(after)
    expect(await idsByName()).toEqual(ids)
  })

  it('writes nothing when the file changed in the meantime', async () => {
    await importBook(book(exp1, exp2))
    const { hash } = await call('experiments.propose', { entry })
    write('record.md', `${book(exp1, exp2)}\nmore`)
    expect(await fail('experiments.append', { entry, hash })).toMatch(/^conflict/)
    expect(readFileSync(join(root, 'record.md'), 'utf8')).toBe(`${book(exp1, exp2)}\nmore`)
  })
})
