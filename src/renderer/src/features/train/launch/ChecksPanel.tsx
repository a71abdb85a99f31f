import { useTranslation } from 'react-i18next'
import { withLauncher } from '../../../../../shared/domain/launch/changeLauncher.ts'
import { diffForms, type LaunchDifference } from '../../../../../shared/domain/launch/launchDiff.ts'
import type { LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { visibleDevices, worldSize } from '../../../../../shared/domain/launch/worldSize.ts'
import type { Output } from '../../../api/client.ts'
import { useSentence } from '../../../i18n/sentences/index.ts'
import { Button } from '../../../ui/Button.tsx'
import { Facts } from '../../../ui/Facts.tsx'
import { formatCount, formatNumber } from '../../../ui/format.ts'
import { Failed, Skeleton } from '../../../ui/states.tsx'
import { Status, type StatusLook } from '../../../ui/Status.tsx'
import css from './launch.module.css'
import { jumpToField } from './fieldJump.ts'
import { useLaunch, useLaunchActions } from './launchStore.ts'
import { takeFreePort } from './LauncherPanel.tsx'
import { shownValue } from './shownValue.ts'

type Hints = Output<'experiments.hints'>
const looks: Record<Hints['hints'][number]['severity'], StatusLook> = {
  error: 'failed',
  warning: 'warning',
  info: 'waiting',
}

/** What deserves a look before the start, worst first, with a quick remedy where there is one. */
export function HintList({ hints }: { hints: { data?: Hints; error: unknown; refetch(): unknown } }) {
  const { t } = useTranslation('train')
  const sentence = useSentence()
  if (hints.error && !hints.data)
    return <Failed error={hints.error} retry={() => void hints.refetch()} isInline />
  if (!hints.data) return <Skeleton lines={3} />
  if (hints.data.hints.length === 0) return <Status look="ok">{t('checks.fine')}</Status>
  return (
    <ul className={css.hints}>
      {hints.data.hints.map((hint, index) => (
        <li key={`${hint.id}${index}`}>
          <Status look={looks[hint.severity]} label={t(`checks.${hint.severity}`)} />
          <div>
            <p>
              {sentence(hint.message)}
              {hint.about !== undefined && <AboutField name={hint.about} />}
            </p>
            {hint.hint !== undefined && <p className={css.faint}>{sentence(hint.hint)}</p>}
            {isFirstOf(hints.data?.hints ?? [], index) && <Remedy id={hint.id} />}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Two hints may have the same remedy; it is offered once. */
function isFirstOf(hints: readonly { id: string }[], index: number): boolean {
  const remedy = (id: string) => (id === 'ranks-without-launcher' ? 'world-size-without-launcher' : id)
  return hints.findIndex(({ id }) => remedy(id) === remedy(hints[index].id)) === index
}

/** Leads from a hint to the field it is about; nothing for what stands in the YAML config. */
function AboutField({ name }: { name: string }) {
  const { t } = useTranslation('train')
  if (!/^-|^[A-Z_]+$/.test(name)) return null
  return (
    <button
      type="button"
      className={css.jump}
      aria-label={t('compare.jump', { name })}
      onClick={() => jumpToField(name)}
    >
      {name}
    </button>
  )
}

function Remedy({ id }: { id: string }) {
  const { t } = useTranslation('train')
  const actions = useLaunchActions()
  if (id === 'port-in-use')
    return (
      <Button size="small" onClick={() => void takeFreePort(actions)}>
        {t('launcher.freePort')}
      </Button>
    )
  if (id === 'world-size-without-launcher' || id === 'ranks-without-launcher')
    return (
      <Button size="small" onClick={() => actions.edit(withTorchrun)}>
        {t('checks.useTorchrun')}
      </Button>
    )
  return null
}

const withTorchrun = (form: LaunchForm): LaunchForm =>
  withLauncher(form, 'torchrun', {
    processes: Math.max(1, visibleDevices(form)?.length ?? worldSize(form) ?? 1),
  })

/** Samples per step and steps in all, with what of it cannot be known. */
export function SizeFacts({ hints }: { hints: Hints | undefined }) {
  const { t } = useTranslation('train')
  const size = hints?.size
  if (!size) return <p className={css.faint}>{t('size.none')}</p>
  const count = (value: number | undefined) =>
    value === undefined ? undefined : Number.isInteger(value) ? formatCount(value) : formatNumber(value)
  const factors = [size.perDeviceBatchSize, size.accumulationSteps, size.worldSize].map((one) =>
    one === undefined ? '?' : formatCount(one),
  )
  return (
    <>
      <Facts
        facts={[
          [
            t('size.entriesPerStep'),
            size.entriesPerStep && `${factors.join(' × ')} = ${count(size.entriesPerStep)}`,
          ],
          [t('size.samplesPerStep'), count(size.samplesPerStep)],
          [t('size.entries'), count(hints.entries ?? undefined)],
          [t('size.stepsPerEpoch'), count(size.stepsPerEpoch)],
          [t('size.epochs'), count(size.epochs)],
          [t('size.totalSteps'), count(size.totalSteps)],
          [t('size.totalSamples'), count(size.totalSamples)],
        ]}
      />
      {size.unknown.map((reason) => (
        <p key={reason} className={css.faint}>
          {reason}
        </p>
      ))}
    </>
  )
}

/** What was changed against the recorded command. */
export function ChangeList() {
  const { t } = useTranslation('train')
  const form = useLaunch((draft) => draft.form)
  const recorded = useLaunch((draft) => draft.recorded)
  if (!recorded) return <p className={css.faint}>{t('changes.noRecord')}</p>
  const differences = diffForms(recorded, form)
  if (differences.length === 0) return <p className={css.faint}>{t('changes.none')}</p>
  return <DifferenceList differences={differences} />
}

/** Differences of two commands, one per line: name, before, after. */
export function DifferenceList({ differences }: { differences: readonly LaunchDifference[] }) {
  const { t } = useTranslation('train')
  return (
    <ul className={css.changes}>
      {differences.map(({ place, name, before, after }, index) => (
        <li key={`${place}${name}${index}`}>
          <span className={css.changeName}>{name || t(`changes.places.${place}`)}</span>
          <span className={css.before}>{shownValue(name, before)}</span>
          <span aria-hidden>→</span>
          <span className={css.after}>{shownValue(name, after)}</span>
        </li>
      ))}
    </ul>
  )
}
