// Layer 229 made a button a text with a type. Before it, each kind of button was a constructor of its own, the same
// for keyboards below the input field and for those below a message.

/** Old constructor to the type it stands for, and the fields that moved into the type. */
const KINDS: readonly (readonly [old: string, type: string, fields: readonly string[]])[] = [
  ['keyboardButton', 'buttonTypeDefault', []],
  ['keyboardButtonRequestPhone', 'buttonTypeRequestPhone', []],
  ['keyboardButtonRequestGeoLocation', 'buttonTypeRequestGeoLocation', []],
  ['keyboardButtonRequestPoll', 'buttonTypeRequestPoll', ['quiz']],
  ['keyboardButtonRequestPeer', 'buttonTypeRequestPeer', ['buttonId', 'peerType', 'maxQuantity']],
  [
    'inputKeyboardButtonRequestPeer',
    'inputButtonTypeRequestPeer',
    ['nameRequested', 'usernameRequested', 'photoRequested', 'buttonId', 'peerType', 'maxQuantity'],
  ],
  ['keyboardButtonSimpleWebView', 'buttonTypeSimpleWebView', ['url']],
  ['keyboardButtonUrl', 'inlineButtonTypeUrl', ['url']],
  ['keyboardButtonUrlAuth', 'inlineButtonTypeUrlAuth', ['fwdText', 'url', 'buttonId']],
  ['inputKeyboardButtonUrlAuth', 'inputInlineButtonTypeUrlAuth', ['requestWriteAccess', 'fwdText', 'url', 'bot']],
  ['keyboardButtonWebView', 'inlineButtonTypeWebView', ['url']],
  ['keyboardButtonCallback', 'inlineButtonTypeCallback', ['requiresPassword', 'data']],
  ['keyboardButtonGame', 'inlineButtonTypeGame', []],
  ['keyboardButtonBuy', 'inlineButtonTypeBuy', []],
  ['keyboardButtonSwitchInline', 'inlineButtonTypeSwitchInline', ['samePeer', 'query', 'peerTypes']],
  ['keyboardButtonUserProfile', 'inlineButtonTypeUserProfile', ['userId']],
  ['inputKeyboardButtonUserProfile', 'inputInlineButtonTypeUserProfile', ['userId']],
  ['keyboardButtonCopy', 'inlineButtonTypeCopy', ['copyText']],
]
const byOld = new Map(KINDS.map((k) => [k[0], k]))
const byType = new Map(KINDS.map((k) => [k[1], k]))

/** Names of the old constructors. */
export const OLD_BUTTONS: readonly string[] = KINDS.map((k) => k[0])

/** An old button to the newest shape. Its place is a keyboard's until `liftInlineMarkup` says otherwise. */
export function liftButton(old: any): any {
  const [, name, fields] = byOld.get(old._)!
  const type: any = { _: name }
  for (const f of fields) if (old[f] !== undefined) type[f] = old[f]
  if (name === 'buttonTypeRequestPeer') type.maxQuantity ??= 1
  const button: any = { _: 'keyboardButton', text: old.text, type }
  if (old.style !== undefined) button.style = old.style
  return button
}

/** The keyboard below a message, whose rows and buttons have constructors of their own now. */
export function liftInlineMarkup(old: any): any {
  return {
    ...old,
    rows: old.rows.map((row: any) => ({
      _: 'keyboardInlineButtonRow',
      buttons: row.buttons.map((b: any) => ({ ...b, _: 'keyboardInlineButton' })),
    })),
  }
}

/** A button of the newest shape as the constructor it was before 229; without a style the layer's writer drops it. */
export function lowerButton(button: any): any {
  const kind = byType.get(button.type._)
  // Nothing like a disabled button was there: a button that answers nothing is.
  if (kind === undefined) return { _: 'keyboardButtonCallback', text: button.text, data: new Uint8Array(0) }
  const old: any = { _: kind[0], text: button.text }
  for (const f of kind[2]) if (button.type[f] !== undefined) old[f] = button.type[f]
  if (button.style !== undefined) old.style = button.style
  if (kind[0] === 'inputKeyboardButtonUrlAuth') old.bot ??= { _: 'inputUserSelf' }
  return old
}
