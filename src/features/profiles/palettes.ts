import { createHash } from 'node:crypto'
import type * as tl from '../../tl/gen/types.ts'

const rgb = (colors: string): number[] => colors.split(' ').map((color) => Number.parseInt(color, 16))

/** Name colours that clients have built in, and everybody may use as long as nothing else is chosen. */
const BUILT_IN = 7

/** The level from which channels have the plain name colours, those of several, and colours on their profiles. */
const LEVELS = { plain: 1, mixed: 5, profile: 5 }

/** Colours of names by id from 7 on, in light and dark themes. https://core.telegram.org/bots/api#accent-colors */
const NAMES: readonly (readonly [light: string, dark: string])[] = [
  ['E15052 F9AE63', 'FF9380 992F37'],
  ['E0802B FAC534', 'ECB04E C35714'],
  ['A05FF3 F48FFF', 'C697FF 5E31C8'],
  ['27A910 A7DC57', 'A7EB6E 167E2D'],
  ['27ACCE 82E8D6', '40D8D0 045C7F'],
  ['3391D4 7DD3F0', '52BFFF 0B5494'],
  ['DD4371 FFBE9F', 'FF86A6 8E366E'],
  ['247BED F04856 FFFFFF', '3FA2FE E5424F FFFFFF'],
  ['D67722 1EA011 FFFFFF', 'FF905E 32A527 FFFFFF'],
  ['179E42 E84A3F FFFFFF', '66D364 D5444F FFFFFF'],
  ['2894AF 6FC456 FFFFFF', '22BCE2 3DA240 FFFFFF'],
  ['0C9AB3 FFAD95 FFE6B5', '22BCE2 FF9778 FFDA6B'],
  ['7757D6 F79610 FFDE8E', '9791FF F2731D FFDB59'],
  ['1585CF F2AB1D FFFFFF', '3DA6EB EEA51D FFFFFF'],
]

/** Colours of profiles by id, in light and dark themes. https://core.telegram.org/bots/api#profile-accent-colors */
const PROFILES: readonly (readonly [light: string, dark: string])[] = [
  ['BA5650', '9C4540'],
  ['C27C3E', '945E2C'],
  ['956AC8', '715099'],
  ['49A355', '33713B'],
  ['3E97AD', '387E87'],
  ['5A8FBB', '477194'],
  ['B85378', '944763'],
  ['7F8B95', '435261'],
  ['C9565D D97C57', '994343 AC583E'],
  ['CF7244 CC9433', '8F552F A17232'],
  ['9662D4 B966B6', '634691 9250A2'],
  ['3D9755 89A650', '296A43 5F8F44'],
  ['3D95BA 50AD98', '306C7C 3E987E'],
  ['538BC2 4DA8BD', '38618C 458BA1'],
  ['B04F74 D1666D', '884160 A65259'],
  ['637482 7B8A97', '53606E 384654'],
]

const plain = (colors: string): tl.help_PeerColorSet => ({ _: 'help.peerColorSet', colors: rgb(colors) })

function ofProfile(colors: string): tl.help_PeerColorSet {
  const palette = rgb(colors)
  const [first, last = first] = palette as [number, number?]
  return {
    _: 'help.peerColorProfileSet',
    paletteColors: palette,
    bgColors: palette,
    // The ring round a picture with stories goes over two colours.
    storyColors: [first, last],
  }
}

export const nameColors: readonly tl.help_PeerColorOption[] = [
  ...Array.from({ length: BUILT_IN }, (_, colorId) => ({
    _: 'help.peerColorOption' as const,
    colorId,
    channelMinLevel: LEVELS.plain,
  })),
  ...NAMES.map(([light, dark], i) => ({
    _: 'help.peerColorOption' as const,
    colorId: BUILT_IN + i,
    colors: plain(light),
    darkColors: plain(dark),
    channelMinLevel: LEVELS.mixed,
  })),
]

export const profileColors: readonly tl.help_PeerColorOption[] = PROFILES.map(([light, dark], colorId) => ({
  _: 'help.peerColorOption',
  colorId,
  colors: ofProfile(light),
  darkColors: ofProfile(dark),
  channelMinLevel: LEVELS.profile,
  groupMinLevel: LEVELS.profile,
}))

/** A palette for a client that has the one with this hash, or none. */
export function answer(colors: readonly tl.help_PeerColorOption[], has: number): tl.help_PeerColors {
  const digest = createHash('sha256').update(JSON.stringify(colors)).digest()
  const hash = digest.readInt32LE() & 0x7fffffff
  return has === hash ? { _: 'help.peerColorsNotModified' } : { _: 'help.peerColors', hash, colors: [...colors] }
}
