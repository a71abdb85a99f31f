import { Radar, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../../../shared/contract/training.ts'
import { catalogues, catalogueOf } from '../../../../../shared/domain/launch/catalogue.ts'
import { withDevices, withLauncher, withPort } from '../../../../../shared/domain/launch/changeLauncher.ts'
import { withEnv, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import {
  launcherKind,
  masterPort,
  visibleDevices,
  worldSize,
  type DistributedLauncher,
} from '../../../../../shared/domain/launch/worldSize.ts'
import { isSecretName } from '../../../../../shared/domain/secrets.ts'
import { engine } from '../../../api/connection.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { classes } from '../../../ui/classes.ts'
import { Field } from '../../../ui/Field.tsx'
import { NumberInput, Select, TextInput } from '../../../ui/inputs.tsx'
import { toast } from '../../../ui/toasts.ts'
import { gpuState } from './gpuState.ts'
import css from './launch.module.css'
import { editForm, useLaunch } from './launchStore.ts'

const launchers: Exclude<DistributedLauncher, 'srun'>[] = ['python', 'torchrun', 'deepspeed', 'accelerate']

/** How the script is started: script, Python, launcher, GPUs, port and variables. */
export function LauncherPanel() {
  const { t } = useTranslation('train')
  const form = useLaunch((draft) => draft.form)
  const kind = launcherKind(form)
  const setLauncher = (launcher: DistributedLauncher, processes: number) => {
    if (launcher !== 'srun') editForm((present) => withLauncher(present, launcher, { processes }))
  }
  const devices = visibleDevices(form)
  return (
    <section className={css.section} aria-label={t('launcher.title')}>
      <h2>{t('launcher.title')}</h2>
      <div className={css.launcher}>
        <Field label={t('launcher.script')}>
          <TextInput
            value={form.script ?? ''}
            onChange={(script) =>
              editForm((present) => ({ ...present, script: script === '' ? null : script }))
            }
            isMono
          />
        </Field>
        <PythonField />
        <Field label={t('launcher.with')}>
          <Select
            value={kind}
            options={[...launchers, ...(kind === 'srun' ? (['srun'] as const) : [])].map((value) => ({
              value,
              label: t(`launcher.kinds.${value}`),
            }))}
            onChange={(launcher) => setLauncher(launcher, Math.max(1, devices?.length ?? 1))}
          />
        </Field>
        {kind !== 'python' && kind !== 'srun' && (
          <Field label={t('launcher.processes')}>
            <NumberInput
              value={worldSize(form)}
              min={1}
              isWhole
              placeholder={t('launcher.byMachine')}
              onChange={(count) => count !== undefined && setLauncher(kind, count)}
            />
          </Field>
        )}
        <PortField form={form} />
      </div>
      {catalogueOf(form.script ?? undefined) === undefined && (
        <p className={css.faint}>
          {t('launcher.unknownScript', { scripts: catalogues.map(({ script }) => script).join(', ') })}
        </p>
      )}
      <GpuPicker form={form} />
      <Variables form={form} />
    </section>
  )
}

function PythonField() {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const chosen = useLaunch(({ python }) => python)
  const { data } = useEngineQuery(
    'training.pythons',
    { workspace: root ?? '' },
    { enabled: root !== undefined, staleTime: 60_000 },
  )
  const options = (data ?? []).map(({ path, name, version, kind, problem }) => ({
    value: path,
    label: `${kind === 'path' ? path : `${name} (${kind})`}${version === null ? '' : ` · ${version}`}`,
    isDisabled: problem !== undefined,
  }))
  return (
    <Field label={t('launcher.python')}>
      <Select
        value={chosen ?? ''}
        options={[{ value: '', label: t('launcher.pythonOnPath') }, ...options]}
        onChange={(path) => useLaunch.setState({ python: path === '' ? undefined : path })}
      />
    </Field>
  )
}

function PortField({ form }: { form: LaunchForm }) {
  const { t } = useTranslation('train')
  const port = masterPort(form)
  return (
    <div className={css.withButton}>
      <Field label={t('launcher.port')}>
        <NumberInput
          value={port}
          min={1}
          max={65_535}
          isWhole
          placeholder={t('launcher.noPort')}
          onChange={(changed) => changed !== undefined && editForm((present) => withPort(present, changed))}
        />
      </Field>
      <IconButton icon={Radar} label={t('launcher.freePort')} onClick={() => void takeFreePort()} />
    </div>
  )
}

/** Looks for a port nobody listens on and puts it into the form. */
export async function takeFreePort(): Promise<void> {
  try {
    const from = masterPort(useLaunch.getState().form) ?? 29_500
    const { port } = await engine().call('experiments.freePort', {
      from: Math.min(65_000, Math.max(1024, from)),
    })
    editForm((form) => withPort(form, port))
  } catch (error) {
    toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
  }
}

function GpuPicker({ form }: { form: LaunchForm }) {
  const { t } = useTranslation('train')
  const { data } = useEngineQuery('training.gpus', {}, { refetchInterval: 5000 })
  if (!data) return null
  if (data.gpus.length === 0)
    return (
      <p className={css.faint}>
        {t('launcher.noGpu')} {data.reason}
      </p>
    )
  const devices = visibleDevices(form)
  const toggle = (gpu: Gpu) => {
    const present = devices ?? []
    const name = String(gpu.index)
    const next = present.includes(name) ? present.filter((one) => one !== name) : [...present, name]
    editForm((draft) => {
      const chosen = withDevices(
        draft,
        next.sort((a, b) => Number(a) - Number(b)),
      )
      const kind = launcherKind(draft)
      // As many processes as GPUs, where that was so before.
      const follows = kind !== 'python' && kind !== 'srun' && worldSize(draft) === Math.max(1, present.length)
      return follows ? withLauncher(chosen, kind, { processes: Math.max(1, next.length) }) : chosen
    })
  }
  return (
    <div className={css.gpus} role="group" aria-label={t('launcher.gpus')}>
      {data.gpus.map((gpu) => (
        <button
          key={gpu.uuid}
          type="button"
          className={classes(css.gpu, gpuState(gpu).isBusy && css.isBusy)}
          aria-pressed={devices?.includes(String(gpu.index)) ?? false}
          title={gpu.name}
          onClick={() => toggle(gpu)}
        >
          <strong>GPU {gpu.index}</strong>
          <span>{gpuState(gpu).text}</span>
        </button>
      ))}
      {devices === undefined && <span className={css.faint}>{t('launcher.allGpus')}</span>}
    </div>
  )
}

function Variables({ form }: { form: LaunchForm }) {
  const { t } = useTranslation('train')
  const [name, setName] = useState('')
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  const add = () => {
    if (!isName) return
    editForm((present) => withEnv(present, name, ''))
    setName('')
  }
  return (
    <div className={css.rows} role="group" aria-label={t('launcher.variables')}>
      {form.env.map(({ name: variable, value }) => (
        <div key={variable} className={css.row}>
          <span className={css.name}>{variable}</span>
          <TextInput
            value={value}
            aria-label={variable}
            onChange={(changed) => editForm((present) => withEnv(present, variable, changed))}
            isMono
            type={isSecretName(variable) ? 'password' : 'text'}
          />
          <span className={css.rowActions}>
            <IconButton
              icon={X}
              size={14}
              label={t('form.remove', { name: variable })}
              onClick={() => editForm((present) => withEnv(present, variable, undefined))}
            />
          </span>
        </div>
      ))}
      <div className={css.row}>
        <TextInput
          value={name}
          onChange={setName}
          onEnter={add}
          placeholder={t('launcher.variable')}
          aria-label={t('launcher.variable')}
          isMono
        />
        <span />
        <span className={css.rowActions}>
          <IconButton
            icon={Plus}
            size={14}
            label={t('launcher.addVariable')}
            disabledReason={isName ? undefined : t('launcher.nameFirst')}
            onClick={add}
          />
        </span>
      </div>
    </div>
  )
}
