import type { Page } from 'playwright-core'

/** F1, type, Enter. The box of a command that asks for something stays open. */
export async function runCommand(page: Page, title: string, box: 'closes' | 'stays' = 'closes'): Promise<void> {
  const input = page.locator('.quick-input-widget input.input')
  // The list is filtered some time after the typing, and Enter takes the row that has the focus then.
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title })
  for (let left = 5, isShown = false; !isShown; left--) {
    await page.keyboard.press('F1')
    const timeout = left > 0 ? 10_000 : 60_000
    // What opens at that moment takes the focus, and the key or the box is lost: whoever sits there presses F1 again.
    isShown = await input
      .waitFor({ timeout })
      .then(() => page.keyboard.type(title))
      .then(() => row.waitFor({ timeout }))
      .then(
        () => true,
        (error: unknown) => {
          if (left === 0) throw error
          return false
        },
      )
  }
  await page.keyboard.press('Enter')
  if (box === 'closes') await input.waitFor({ state: 'hidden' })
  else await page.locator('.quick-input-title', { hasText: title }).waitFor()
}
