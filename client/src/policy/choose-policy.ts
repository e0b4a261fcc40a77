import * as vscode from 'vscode'
import type { PolicyAdviceAnswer, PolicyChoiceValue } from '../../../protocol/src/index'
import { localized } from '../localized'
import {
  choiceOfDraft,
  EMPTY_DRAFT,
  offeredFields,
  suggestedFields,
  suggestedModels,
  type PolicyDraft,
} from './policy-steps'

type Ask = (choice: PolicyChoiceValue) => Promise<PolicyAdviceAnswer>

/** Asks for the users, the fields, and the models of each field, showing the number of warnings; null if dismissed. */
export async function choosePolicy(first: PolicyAdviceAnswer, ask: Ask): Promise<PolicyChoiceValue | null> {
  let advice = first
  let draft = EMPTY_DRAFT
  for (let step = 0; ;) {
    const field = draft.fields[step - 2]
    if (step >= 2 && field === undefined) return choiceOfDraft(advice, draft)
    const answer = await (step === 0
      ? chooseUsers(advice)
      : step === 1
        ? chooseFields(advice, draft, ask)
        : chooseModels(advice, draft, field ?? '', step, ask))
    if (answer === undefined) return null
    if (answer === BACK) {
      step--
      continue
    }
    draft = answer
    // Which models reference a user depends on the user model.
    if (step === 0) advice = await ask(choiceOfDraft(advice, draft))
    step++
  }
}

const BACK = 'back'

type Answer = PolicyDraft | typeof BACK | undefined

async function chooseUsers(advice: PolicyAdviceAnswer): Promise<Answer> {
  const { t } = vscode.l10n
  const items = [
    ...advice.userModels.map(({ name, isLikely }) => ({
      label: name,
      description: isLikely ? t('suggested') : '',
      name: name,
    })),
    { label: t('None of these'), description: t('the users are in another service'), name: null },
  ]
  const picked = await pick(items, {
    title: t('Create Audit Policy: user model'),
    placeholder: t('Which model is the user model?'),
    step: 0,
    stepsOf: () => stepCount(suggestedFields(advice)),
    isMany: false,
    selected: [],
  })
  return picked === BACK || picked === undefined ? picked : { ...EMPTY_DRAFT, userModel: picked[0]?.name ?? null }
}

async function chooseFields(advice: PolicyAdviceAnswer, draft: PolicyDraft, ask: Ask): Promise<Answer> {
  const { t } = vscode.l10n
  const offered = offeredFields(advice, draft.userModel ?? null)
  const items = advice.fields
    .filter(({ name }) => offered.includes(name))
    .map(({ name, meaning }) => ({ label: name, description: meaning }))
  const wanted = draft.fields.length > 0 ? draft.fields : suggestedFields(advice)
  const draftOf = (names: readonly string[]): PolicyDraft => ({ ...draft, fields: names })
  const picked = await pick(items, {
    title: t('Create Audit Policy: audit fields'),
    placeholder: t('Which audit fields do you want?'),
    step: 1,
    stepsOf: stepCount,
    isMany: true,
    selected: items.filter(({ label }) => wanted.includes(label)),
    countOf: (chosen) => ask(choiceOfDraft(advice, draftOf(chosen.map(({ label }) => label)))),
  })
  return picked === BACK || picked === undefined ? picked : draftOf(picked.map(({ label }) => label))
}

async function chooseModels(
  advice: PolicyAdviceAnswer,
  draft: PolicyDraft,
  field: string,
  step: number,
  ask: Ask,
): Promise<Answer> {
  const { t } = vscode.l10n
  const items = advice.models.map(({ name, looksLike, present }) => ({
    label: name,
    description: [looksLike, present.includes(field) ? t('already has it') : '']
      .filter((each) => each !== '')
      .join(', '),
  }))
  const wanted = draft.models[field] ?? suggestedModels(advice, field)
  const draftOf = (names: readonly string[]): PolicyDraft => ({ ...draft, models: { ...draft.models, [field]: names } })
  const picked = await pick(items, {
    title: t('Create Audit Policy: models with {0}', field),
    placeholder: t('Which models must have {0}?', field),
    step,
    stepsOf: () => stepCount(draft.fields),
    isMany: true,
    selected: items.filter(({ label }) => wanted.includes(label)),
    countOf: (chosen) => ask(choiceOfDraft(advice, draftOf(chosen.map(({ label }) => label)))),
  })
  return picked === BACK || picked === undefined ? picked : draftOf(picked.map(({ label }) => label))
}

/** The user model, the fields, and the models of each field. */
function stepCount(fields: readonly unknown[]): number {
  return fields.length + 2
}

interface PickOptions<Item extends vscode.QuickPickItem> {
  readonly title: string
  readonly placeholder: string
  readonly step: number
  /** The number of steps, if these items are chosen. */
  readonly stepsOf: (chosen: readonly Item[]) => number
  readonly isMany: boolean
  readonly selected: readonly Item[]
  /** The number of findings of the selection; omitted if it is not counted. */
  readonly countOf?: (chosen: readonly Item[]) => Promise<PolicyAdviceAnswer>
}

/** Undefined if it was closed. */
async function pick<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  { title, placeholder, step, stepsOf, isMany, selected, countOf }: PickOptions<Item>,
): Promise<readonly Item[] | typeof BACK | undefined> {
  const box = vscode.window.createQuickPick<Item>()
  Object.assign(box, { title, placeholder, items, canSelectMany: isMany, ignoreFocusOut: true })
  box.step = step + 1
  box.totalSteps = stepsOf(selected)
  box.matchOnDescription = true
  if (isMany) box.selectedItems = selected
  if (step > 0) box.buttons = [vscode.QuickInputButtons.Back]
  let latest = 0
  const count = async (chosen: readonly Item[]): Promise<void> => {
    if (countOf === undefined) return
    const asked = ++latest
    const { warnings } = await countOf(chosen)
    // Only the latest response is for the current selection.
    if (asked === latest && warnings !== null) box.title = `${title}: ${warningsWord(warnings)}`
  }
  try {
    return await new Promise((resolve) => {
      box.onDidAccept(() => {
        // Enter without a focused item, or with a filter that matches nothing, chooses nothing.
        if (isMany || box.selectedItems.length > 0) resolve(box.selectedItems)
      })
      box.onDidTriggerButton(() => resolve(BACK))
      box.onDidHide(() => resolve(undefined))
      box.onDidChangeSelection((chosen) => {
        box.totalSteps = stepsOf(chosen)
        void count(chosen)
      })
      void count(selected)
      box.show()
    })
  } finally {
    latest++
    box.dispose()
  }
}

function warningsWord(count: number): string {
  const t = localized
  return count === 1 ? t('1 warning') : t('{0} warnings', count)
}
