/** What the page says on the log-in, in English. */

export const words = {
  logIn: {
    title: 'Log in',
    lead: 'Your password and account key open your client book on this device. Neither is sent to the network.',
    email: 'Email',
    password: 'Password',
    accountKey: 'Account key',
    accountKeyHint: 'Starts with VK1-. On the sheet that you printed when you joined; this device remembers it afterwards.',
    accountKeyKnown: 'This device knows the account key of this address.',
    otherKey: 'Type it again',
    enter: 'Log in',
    deriving: 'Opening the book…',
    wrongKey: 'This is not an account key: it starts with VK1- and has 26 letters and digits after it.',
    wrong: 'This email, password and account key do not belong together.',
    bundleWrong: 'The network accepted you but the book does not open with these secrets. Is the account key the right one?',
    demoBroken: 'This demo link is incomplete. Copy it again from the terminal, whole.',
    trust: 'This page comes from the network’s operator. Opening it means trusting its script; a member’s own installation needs no such trust.',
    ended: 'Your session ended. Log in again: nothing was lost.',
    operatorHint: 'Operators may leave the account key empty if they were given none.',
  },
}
