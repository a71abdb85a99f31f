/** The settings of all experiments side by side: YAML configs and command lines, and what changed from base to child. */
import type { ConfigMatrix } from '../../../shared/contract/experiments.ts'
import { experimentId, type LabSection } from '../../../shared/domain/labBook.ts'
import { findArgument } from '../../../shared/domain/launch/argumentSpec.ts'
import { catalogueOf } from '../../../shared/domain/launch/catalogue.ts'
import { formFromCommand, valueOf, type LaunchForm } from '../../../shared/domain/launch/launchForm.ts'
import type { Base } from './lineage.ts'
import type { Config } from './yamlConfig.ts'

export type MatrixExperiment = { id: string; section: LabSection; base: Base | null }
/** Reads a config by its path as written; a text says why it cannot be read. */
export type ReadConfigOf = (path: string) => Promise<Config | string>

type Column = ConfigMatrix['columns'][number] & {
  form: LaunchForm
  values: Config | undefined
  names: string[]
}

/**
 * Builds the matrix from the training commands: one column per run of an experiment (its last training that is no
 * debug run), or one per experiment without runs. Experiments that train nothing have a column without values.
 */
export async function configMatrix(
  experiments: readonly MatrixExperiment[],
  readConfigOf: ReadConfigOf,
): Promise<ConfigMatrix> {
  const columns: Column[] = []
  for (const { id, section } of experiments) {
    for (const { run, form } of trainingsOf(section)) {
      const config = valueOf(form, '--csgo_config') ?? null
      const read = config === null ? 'The command names no config.' : await readConfigOf(config)
      columns.push({
        experimentId: id,
        experiment: section.name,
        run,
        config,
        base: null,
        form,
        reason:
          form.script === null
            ? 'The log has no training command for it.'
            : typeof read === 'string'
              ? read
              : null,
        values: typeof read === 'string' ? undefined : read,
        names: [
          run,
          run === null ? undefined : experimentId(run),
          section.name,
          experimentId(section.name),
        ].filter((name): name is string => typeof name === 'string'),
      })
    }
  }
  for (const column of columns) column.base = baseColumn(column, columns, experiments)
  const rows = rowsOf(columns)
  return {
    columns: columns.map(({ experimentId: id, experiment, run, config, reason, base }) => ({
      experimentId: id,
      experiment,
      run,
      config,
      reason,
      base,
    })),
    rows,
    changes: columns.map(({ base }, at) => {
      const from = base === null ? undefined : columns[base]
      if (!from) return []
      // Without a readable config on both sides its keys say nothing about a change.
      const canCompare = (source: string) =>
        source === 'command' || (from.values !== undefined && columns[at].values !== undefined)
      return rows.flatMap(({ cells, source }, row) =>
        canCompare(source) && cells[at] !== cells[base!] ? [row] : [],
      )
    }),
  }
}

function trainingsOf({ commands }: LabSection): { run: string | null; form: LaunchForm }[] {
  const byRun = new Map<string | null, LaunchForm>()
  for (const { kind, env, argv, labels } of commands) {
    if (kind !== 'train') continue
    const run = labels.run ?? null
    const isDebug = (labels.states ?? []).includes('debug')
    if (isDebug && byRun.has(run)) continue
    byRun.set(run, formFromCommand({ env, argv }))
  }
  if (byRun.size === 0) return [{ run: null, form: { env: [], stages: [], script: null, items: [] } }]
  return [...byRun].map(([run, form]) => ({ run, form }))
}

function baseColumn(
  column: Column,
  columns: readonly Column[],
  experiments: readonly MatrixExperiment[],
): number | null {
  const base = experiments.find(({ id }) => id === column.experimentId)?.base
  const others = columns.map((other, index) => ({ other, index })).filter(({ other }) => other !== column)
  // A run such as exp4_5_1 is a change of the run exp4_5 beside it.
  const own = column.run === null ? undefined : experimentId(column.run)
  if (own !== undefined) {
    const sibling = others
      .flatMap(({ other, index }) =>
        other.names.filter((name) => own.startsWith(`${name}_`)).map((name) => ({ index, name })),
      )
      .sort((a, b) => b.name.length - a.name.length)[0]
    if (sibling) return sibling.index
  }
  if (!base) return null
  const mention = base.mention === undefined ? undefined : [base.mention, experimentId(base.mention)]
  const exact = others.find(
    ({ other }) => other.experiment === base.name && other.names.some((name) => mention?.includes(name)),
  )
  return (
    (
      exact ??
      others.find(({ other }) => other.experiment === base.name && other.experiment !== column.experiment)
    )?.index ?? null
  )
}

function rowsOf(columns: readonly Column[]): ConfigMatrix['rows'] {
  const configKeys = [
    ...new Set(columns.flatMap(({ values }) => values?.entries.map(({ key }) => key) ?? [])),
  ]
  const specs = catalogueOf('train_csgo.py')?.args ?? []
  const order = (flag: string) => {
    const spec = findArgument(specs, flag)
    return spec ? specs.indexOf(spec) : specs.length
  }
  const flags = [
    ...new Set(
      columns.flatMap(({ form }) => form.items.flatMap(({ flag }) => (flag === null ? [] : [flag]))),
    ),
  ].sort((a, b) => order(a) - order(b))
  const valuesOf = (form: LaunchForm, flag: string) => {
    const item = form.items.findLast((candidate) => candidate.flag === flag)
    return item === undefined ? null : item.values.join(' ')
  }
  return [
    ...configKeys.map((key) => ({
      key,
      source: 'config' as const,
      cells: columns.map(({ values }) => values?.entries.findLast((entry) => entry.key === key)?.raw ?? null),
    })),
    ...flags.map((key) => ({
      key,
      source: 'command' as const,
      cells: columns.map(({ form }) => valuesOf(form, key)),
    })),
  ]
}
