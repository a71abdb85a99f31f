import { ArrowLeft, CornerDownRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { diffForms, type LaunchDifference } from '../../../../../shared/domain/launch/launchDiff.ts'
import { formFromCommand, type LaunchForm } from '../../../../../shared/domain/launch/launchForm.ts'
import { withDifferenceUndone } from '../../../../../shared/domain/launch/takeOver.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { Select } from '../../../ui/inputs.tsx'
import { CommandPicker } from './CommandPicker.tsx'
import { jumpToField } from './fieldJump.ts'
import css from './launch.module.css'
import { useLaunch, useLaunchActions } from './launchStore.ts'
import { shownValue } from './shownValue.ts'

type Other = { name: string; form: LaunchForm }
const groups = ['changed', 'added', 'removed'] as const

/** The form beside another command: what was added, removed and changed, each with a way to its field. */
export function CompareDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { t } = useTranslation('train')
  const [other, setOther] = useState<Other>()
  const [isPicking, setPicking] = useState(false)
  const { place } = useLaunchActions()
  const recorded = useLaunch((draft) => draft.recorded)
  const origin = useLaunch((draft) => draft.origin)
  const shown = other ?? (recorded && { name: origin ?? t('compare.record'), form: recorded })
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('compare.title')} width={920}>
      {isPicking || shown === undefined ? (
        <>
          {shown && (
            <Button size="small" icon={ArrowLeft} onClick={() => setPicking(false)}>
              {t('compare.back')}
            </Button>
          )}
          <CommandPicker
            place={place}
            onPick={({ experiment, command }) => {
              setOther({
                name: t('origin.line', { experiment: command.labels.run ?? experiment, line: command.line }),
                form: formFromCommand(command),
              })
              setPicking(false)
            }}
          />
        </>
      ) : (
        <>
          <div className={css.compareWith}>
            <span>{t('compare.with')}</span>
            <Select
              value={other ? 'other' : 'record'}
              aria-label={t('compare.with')}
              options={[
                ...(recorded ? [{ value: 'record' as const, label: origin ?? t('compare.record') }] : []),
                ...(other ? [{ value: 'other' as const, label: other.name }] : []),
              ]}
              onChange={(value) => value === 'record' && setOther(undefined)}
            />
            <Button size="small" onClick={() => setPicking(true)}>
              {t('compare.choose')}
            </Button>
          </div>
          <Differences other={shown} onClose={onClose} />
        </>
      )}
    </Dialog>
  )
}

function Differences({ other, onClose }: { other: Other; onClose(): void }) {
  const { t } = useTranslation('train')
  const form = useLaunch((draft) => draft.form)
  const { edit } = useLaunchActions()
  const differences = useMemo(() => diffForms(other.form, form), [other.form, form])
  if (differences.length === 0) return <p className={css.nothing}>{t('compare.same')}</p>
  const jump = ({ place, name }: LaunchDifference) => {
    onClose()
    // The dialog gives the focus back when it closes; the field takes it after that.
    setTimeout(() => jumpToField(place === 'launcher' || place === 'script' ? 'launcher' : name), 150)
  }
  return (
    <table className={css.compareTable}>
      <thead>
        <tr>
          <th scope="col">{t('compare.name')}</th>
          <th scope="col">{other.name}</th>
          <th scope="col">{t('compare.here')}</th>
          <th aria-label={t('compare.actions')} />
        </tr>
      </thead>
      {groups.map((group) => {
        const rows = differences.filter((difference) => groupOf(difference) === group)
        if (rows.length === 0) return null
        return (
          <tbody key={group}>
            <tr>
              <th scope="rowgroup" colSpan={4} data-group={group}>
                {t(`compare.groups.${group}`, { count: rows.length })}
              </th>
            </tr>
            {rows.map((difference, index) => {
              const { place, name, before, after } = difference
              const title = name === '' || place === 'launcher' ? t(`changes.places.${place}`) : name
              const undone = withDifferenceUndone(form, other.form, difference)
              return (
                <tr key={`${place}${name}${index}`}>
                  <td>{place === 'launcher' && name !== 'program' ? `${title} ${name}` : title}</td>
                  <td data-side="before">{shownValue(name, before)}</td>
                  <td data-side="after">{shownValue(name, after)}</td>
                  <td>
                    {undone && (
                      <IconButton
                        icon={ArrowLeft}
                        size={14}
                        label={t('compare.take', { name: title })}
                        onClick={() => edit(() => undone)}
                      />
                    )}
                    {after !== undefined && (
                      <IconButton
                        icon={CornerDownRight}
                        size={14}
                        label={t('compare.jump', { name: title })}
                        onClick={() => jump(difference)}
                      />
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        )
      })}
    </table>
  )
}

const groupOf = ({ before, after }: LaunchDifference): (typeof groups)[number] =>
  before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
