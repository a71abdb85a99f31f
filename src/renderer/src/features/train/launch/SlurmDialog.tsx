import { Download, Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlurmArray } from '../../../../../shared/domain/launch/slurmCommand.ts'
import type { Input } from '../../../api/client.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { useWorkspaceRoot } from '../../../app/workspace.ts'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Field } from '../../../ui/Field.tsx'
import { NumberInput, TextInput } from '../../../ui/inputs.tsx'
import { saveText } from '../../../ui/saveText.ts'
import { Failed, Skeleton } from '../../../ui/states.tsx'
import { useSettled } from '../../../ui/useSettled.ts'
import css from './launch.module.css'
import { useLaunch } from './launchStore.ts'
import { useSlurmSubmit } from './useSlurmSubmit.ts'

type Settings = Input<'experiments.slurm'>['settings']
const texts = ['partition', 'account', 'qos', 'nodelist', 'time', 'memory', 'condaEnvironment'] as const
const numbers = ['nodes', 'gpus', 'cpusPerTask'] as const

/** The form as a Slurm script: shown before anything is submitted, and to take along where there is no Slurm. */
export function SlurmDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('train')
  const root = useWorkspaceRoot()
  const { form, experiment } = useLaunch()
  const [settings, setSettings] = useState<Partial<Settings>>({})
  const [array, setArray] = useState<SlurmArray>({ flag: '', values: [] })
  const jobName = settings.jobName ?? experiment ?? 'train'
  const request = useSettled(
    {
      form,
      settings: {
        ...filled(settings),
        jobName,
        ...(array.flag === '' ? {} : { array }),
        ...(root === undefined ? {} : { workingFolder: root }),
      },
    },
    300,
  )
  const script = useEngineQuery('experiments.slurm', request, { enabled: isOpen })
  const slurm = useEngineQuery('slurm.available', {}, { enabled: isOpen, staleTime: 60_000 })
  const submit = useSlurmSubmit({ jobName, script: script.data?.script, form, onDone: onClose })
  const set = (change: Partial<Settings>) => setSettings((present) => ({ ...present, ...change }))
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('slurm.title')}
      width={860}
      footer={
        <>
          <Button
            icon={Download}
            onClick={() => script.data && saveText(script.data.script, `${jobName}.sh`)}
            disabledReason={script.data ? undefined : t('slurm.noScript')}
          >
            {t('slurm.save')}
          </Button>
          <Button
            icon={Send}
            look="primary"
            isBusy={submit.isPending}
            disabledReason={
              slurm.data?.available
                ? script.data
                  ? undefined
                  : t('slurm.noScript')
                : (slurm.data?.reason ?? '…')
            }
            onClick={submit.perform}
          >
            {t('slurm.submit')}
          </Button>
        </>
      }
    >
      <div className={css.slurm}>
        <div className={css.slurmFields}>
          <Field label={t('slurm.jobName')}>
            <TextInput value={jobName} onChange={(value) => set({ jobName: value })} />
          </Field>
          {texts.map((name) => (
            <Field key={name} label={t(`slurm.${name}`)}>
              <TextInput value={settings[name] ?? ''} onChange={(value) => set({ [name]: value })} isMono />
            </Field>
          ))}
          {numbers.map((name) => (
            <Field key={name} label={t(`slurm.${name}`)}>
              <NumberInput
                value={settings[name]}
                min={0}
                isWhole
                onChange={(value) => set({ [name]: value })}
              />
            </Field>
          ))}
          <ArrayFields array={array} onChange={setArray} />
        </div>
        <div className={css.slurmScript}>
          {script.error ? (
            <Failed error={script.error} isInline />
          ) : script.data ? (
            <>
              <pre tabIndex={0} aria-label={t('slurm.title')}>
                {script.data.script}
              </pre>
              <CopyButton text={script.data.script} />
            </>
          ) : (
            <Skeleton lines={10} />
          )}
        </div>
      </div>
    </Dialog>
  )
}

/** Several tasks instead of one: an argument and its values. */
function ArrayFields({ array, onChange }: { array: SlurmArray; onChange(array: SlurmArray): void }) {
  const { t } = useTranslation('train')
  // As typed; a line that is still empty is no value yet.
  const [text, setText] = useState(array.values.join('\n'))
  return (
    <fieldset className={css.slurmArray}>
      <legend>{t('slurm.array')}</legend>
      <Field label={t('slurm.arrayFlag')}>
        <TextInput value={array.flag} onChange={(flag) => onChange({ ...array, flag: flag.trim() })} isMono />
      </Field>
      <Field label={t('slurm.arrayValues')}>
        <textarea
          rows={3}
          value={text}
          spellCheck={false}
          onChange={({ currentTarget: { value } }) => {
            setText(value)
            onChange({
              ...array,
              values: value
                .split('\n')
                .map((line) => line.trim())
                .filter(Boolean),
            })
          }}
        />
      </Field>
      <Field label={t('slurm.atOnce')}>
        <NumberInput
          value={array.atOnce}
          min={1}
          isWhole
          onChange={(atOnce) => onChange({ ...array, atOnce })}
        />
      </Field>
    </fieldset>
  )
}

/** Settings without those that were left empty. */
const filled = (settings: Partial<Settings>): Partial<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== '' && value !== undefined))
