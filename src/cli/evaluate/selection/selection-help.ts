export const SELECTION_HELP = `Say what another strategy would have brought, from what was recorded. Two ways:

From an operator's journal: every window with a selected policy is in it, with how likely each policy was to be
chosen, what came, and what each would have come to by replay. Each policy's windows are gone through in their order;
the other strategy learns from what really happened, and at each window says how likely it would have chosen what.

From a bandit's log in the form of the Open Bandit Dataset (columns timestamp, item_id, position, click,
propensity_score): the mean reward of the strategy that made --target, from the choices in --log alone. What --target
itself brought is printed beside it: the estimate is right when it lies in the interval.

Usage:
  kubectl autonomic evaluate selection --journal FOLDER [flags]
  kubectl autonomic evaluate selection --log FILE --target FILE [flags]

Flags:
      --journal FOLDER       the operator's journal
      --policy NAMESPACE/NAME  only windows of this policy
      --strategy NAME        Replay, Ranked, EpsilonGreedy, UCB1, KLUCB, ThompsonSampling, LinearThompson or LinUCB;
                             may be repeated; default all
      --explore PERCENT      how much the other strategy tries beside what it believes the best; default 0
      --log FILE             CSV or CSV.gz whose choices are judged by
      --target FILE          CSV or CSV.gz of the strategy whose value is wanted
  -o, --output FORMAT        table or json; default table
  -h, --help                 this text

EFFECTIVE is how many of the other strategy's own choices would say as much: with few, nothing is known, whatever the
interval says. UNSUPPORTED is the share of windows in which it would have done what could not be chosen: of those the
record says nothing. ANY TIME bounds hold however often one looks.

Exit codes: 0 done, 1 the files cannot be read, 2 wrong flags or input that cannot be used.

Example:
  kubectl autonomic evaluate selection --journal ./journal --policy shop/web --strategy ThompsonSampling
`;
