const NEGATIVE = new Set('👎 🤬 😢 🤮 💩 🤡 💔 😡 🖕 😨 😭 😱'.split(' '))
const NEITHER = new Set(
  '🤔 🤯 🥱 🥴 🌚 🌭 🍌 🤨 😐 😈 😴 🤓 👻 👨‍💻 👀 🎃 🙈 🙉 🙊 🤪 🗿 💊 👾 🤷‍♂ 🤷 🤷‍♀ ✍ 💅'.split(' '),
)

export const EMOTIONS = ['Positive', 'Other', 'Negative'] as const
export type Emotion = (typeof EMOTIONS)[number]

/** How a reaction is meant, as the statistics of posts tell it apart. What is nobody's standard means nothing. */
export function emotionOf(reaction: string): Emotion {
  if (reaction.startsWith('custom:')) return 'Other'
  if (NEGATIVE.has(reaction)) return 'Negative'
  return NEITHER.has(reaction) ? 'Other' : 'Positive'
}
