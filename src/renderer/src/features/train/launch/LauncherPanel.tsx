import { Radar } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { catalogues, catalogueOf } from '../../../../../shared/domain/launch/catalogue.ts'
import { withLauncher, withPort } from '../../../../../shared/domain/launch/changeLauncher.ts'
import type { LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import {
  launcherKind,
  masterPort,
  visibleDevices,
  worldSize,
  type DistributedLauncher,
} from '../../../../../shared/domain/launch/worldSize.ts'
import { engine } from '../../../api/connection.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { NumberInput, Select, TextInput } from '../../../ui/inputs.tsx'
import { toast } from '../../../ui/toasts.ts'
import { GpuPicker, withGpuToggled } from './GpuPicker.tsx'
import css from './launch.module.css'
import { useLaunch, useLaunchActions, type LaunchActions } from './launchStore.ts'
import { PythonSelect } from './PythonSelect.tsx'
import { Variables } from './Variables.tsx'

const launchers: Exclude<DistributedLauncher, 'srun'>[] = ['python', 'torchrun', 'deepspeed', 'accelerate']

/** How the script is started: script, Python, launcher, GPUs, port and variables. */
export function LauncherPanel() {
  const { t } = useTranslation('train')
  const form = useLaunch((draft) => draft.form)
  const { edit } = useLaunchActions()
  const kind = launcherKind(form)
  const setLauncher = (launcher: DistributedLauncher, processes: number) => {
    if (launcher !== 'srun') edit((present) => withLauncher(present, launcher, { processes }))
  }
  const devices = visibleDevices(form)
  return (
    <section className={css.section} aria-label={t('launcher.title')} data-field="launcher">
      <h2>{t('launcher.title')}</h2>
      <div className={css.launcher}>
        <Field label={t('launcher.script')}>
          <TextInput
            value={form.script ?? ''}
            onChange={(script) => edit((present) => ({ ...present, script: script === '' ? null : script }))}
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
      <GpuPicker chosen={devices} onToggle={(gpu) => edit((present) => withGpuToggled(present, gpu))} />
      <Variables form={form} />
    </section>
  )
}

function PythonField() {
  const chosen = useLaunch(({ python }) => python)
  const { choosePython } = useLaunchActions()
  return <PythonSelect value={chosen} onChange={choosePython} />
}

function PortField({ form }: { form: LaunchForm }) {
  const { t } = useTranslation('train')
  const actions = useLaunchActions()
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
          onChange={(changed) =>
            changed !== undefined && actions.edit((present) => withPort(present, changed))
          }
        />
      </Field>
      <IconButton icon={Radar} label={t('launcher.freePort')} onClick={() => void takeFreePort(actions)} />
    </div>
  )
}

/** Looks for a port nobody listens on and puts it into the form. */
export async function takeFreePort({ draft, edit }: LaunchActions): Promise<void> {
  try {
    const from = masterPort(draft().form) ?? 29_500
    const { port } = await engine().call('experiments.freePort', {
      from: Math.min(65_000, Math.max(1024, from)),
    })
    edit((form) => withPort(form, port))
  } catch (error) {
    toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
  }
}
