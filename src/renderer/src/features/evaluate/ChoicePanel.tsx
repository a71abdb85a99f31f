import { useTranslation } from 'react-i18next'
import { evaluationTasks } from '../../../../shared/contract/evaluation.ts'
import type { WorkspaceReport } from '../../../../shared/contract/workspaces.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatCount } from '../../ui/format.ts'
import { Select, TextInput } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Empty } from '../../ui/states.tsx'
import { GpuPicker } from '../train/launch/GpuPicker.tsx'
import { PythonSelect } from '../train/launch/PythonSelect.tsx'
import css from './EvaluatePage.module.css'
import { checkpointPath, toggled, useEvaluateForm, type CheckpointSource } from './evaluateForm.ts'

/** What is evaluated: checkpoints, tasks and maps, and where it runs. */
export function ChoicePanel(props: { sources: readonly CheckpointSource[]; report: WorkspaceReport }) {
  const { sources, report } = props
  const { t } = useTranslation('evaluate')
  if (sources.length === 0)
    return (
      <Panel title={t('checkpoints.title')}>
        <Empty>{t('checkpoints.none')}</Empty>
      </Panel>
    )
  return (
    <>
      <CheckpointsPanel sources={sources} />
      <TasksPanel maps={report.maps.map(({ map }) => map)} configs={report.configs} />
      <PlacePanel />
    </>
  )
}

function CheckpointsPanel({ sources }: { sources: readonly CheckpointSource[] }) {
  const { t } = useTranslation('evaluate')
  const { experiment, checkpoints } = useEvaluateForm()
  const source = sources.find((one) => one.experiment === experiment) ?? sources[0]
  const paths = source.steps.map((step) => checkpointPath(source, step))
  const elsewhere = checkpoints.filter((path) => !paths.includes(path)).length
  const choose = (chosen: readonly string[]) => useEvaluateForm.setState({ checkpoints: chosen })
  const isAll = paths.every((path) => checkpoints.includes(path))
  return (
    <Panel
      title={t('checkpoints.title')}
      note={checkpoints.length > 0 ? t('checkpoints.chosen', { count: checkpoints.length }) : undefined}
      actions={
        checkpoints.length > 0 && (
          <Button size="small" look="quiet" onClick={() => choose([])}>
            {t('checkpoints.clear')}
          </Button>
        )
      }
    >
      <div className={css.fields}>
        <Field label={t('checkpoints.experiment')}>
          <Select
            value={source.experiment}
            options={sources.map((one) => ({ value: one.experiment, label: one.experiment }))}
            onChange={(name) => useEvaluateForm.setState({ experiment: name })}
            isSearchable
          />
        </Field>
        <div className={css.steps} role="group" aria-label={t('checkpoints.steps')}>
          {source.steps.map((step, index) => (
            <button
              key={step}
              type="button"
              className={css.toggle}
              aria-pressed={checkpoints.includes(paths[index])}
              onClick={() => choose(toggled(checkpoints, paths[index]))}
            >
              {formatCount(step)}
            </button>
          ))}
          {source.steps.length > 1 && (
            <Button
              size="small"
              look="quiet"
              onClick={() =>
                choose(
                  isAll
                    ? checkpoints.filter((path) => !paths.includes(path))
                    : [...new Set([...checkpoints, ...paths])],
                )
              }
            >
              {isAll ? t('checkpoints.noneOf') : t('checkpoints.all')}
            </Button>
          )}
        </div>
        {elsewhere > 0 && <p className={css.faint}>{t('checkpoints.elsewhere', { count: elsewhere })}</p>}
      </div>
    </Panel>
  )
}

function TasksPanel({ maps, configs }: { maps: readonly string[]; configs: readonly string[] }) {
  const { t } = useTranslation('evaluate')
  const form = useEvaluateForm()
  const set = useEvaluateForm.setState
  return (
    <Panel title={t('tasks.title')}>
      <div className={css.fields}>
        {evaluationTasks.map((task) => (
          <Check
            key={task}
            isOn={form.tasks.includes(task)}
            onChange={() => set({ tasks: toggled(form.tasks, task) })}
          >
            <span>
              {t(`tasks.names.${task}`)} <span className={css.faint}>{t(`tasks.about.${task}`)}</span>
            </span>
          </Check>
        ))}
        <div className={css.steps} role="group" aria-label={t('tasks.maps')}>
          <button
            type="button"
            className={css.toggle}
            aria-pressed={form.maps === undefined}
            onClick={() => set({ maps: undefined })}
          >
            {t('tasks.mapsOfConfig')}
          </button>
          {maps.map((map) => (
            <button
              key={map}
              type="button"
              className={css.toggle}
              aria-pressed={form.maps?.includes(map) ?? false}
              onClick={() => {
                const chosen = toggled(form.maps ?? [], map)
                set({ maps: chosen.length === 0 ? undefined : chosen })
              }}
            >
              {map}
            </button>
          ))}
        </div>
        <Field label={t('tasks.base')} hint={t('tasks.baseHint')}>
          <Select
            value={form.base ?? ''}
            options={[
              { value: '', label: t('tasks.baseByName') },
              ...configs.map((path) => ({ value: path, label: path.replace(/^csgo_configs\//, '') })),
            ]}
            onChange={(path) => set({ base: path === '' ? undefined : path })}
            isSearchable
          />
        </Field>
      </div>
    </Panel>
  )
}

/** GPUs and Python. Without a driver the number is typed, because commands of one number wait for each other. */
function PlacePanel() {
  const { t } = useTranslation('evaluate')
  const { gpus, python } = useEvaluateForm()
  const set = useEvaluateForm.setState
  const { data } = useEngineQuery('training.gpus', {})
  const chosen = gpus.split(',').filter((gpu) => gpu.trim() !== '')
  return (
    <Panel title={t('place.title')} note={t('place.note')}>
      <div className={css.fields}>
        {data && data.gpus.length > 0 ? (
          <GpuPicker
            chosen={chosen.length === 0 ? undefined : chosen}
            onToggle={({ index }) =>
              set({
                gpus: toggled(chosen, String(index))
                  .sort((a, b) => Number(a) - Number(b))
                  .join(','),
              })
            }
          />
        ) : (
          <Field label="CUDA_VISIBLE_DEVICES" hint={t('place.gpuHint')}>
            <TextInput value={gpus} onChange={(text) => set({ gpus: text.replace(/[^\w,-]/g, '') })} isMono />
          </Field>
        )}
        <PythonSelect value={python} onChange={(path) => set({ python: path })} />
      </div>
    </Panel>
  )
}
