/** What a peer wrote, without what could hide or turn it: line breaks and tabs stay. Twin: member/talk_texts.py. */

export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (one) => (one === '\n' || one === '\t' ? one : ''))
