"""Try the marking with answers: ``python -m grading.trial [06-megawatts ...]``.

`running` takes a lesson's answers through the real marking, by the kernel of `scoring`. `variants`
gathers the answers to a question: the key's own; numbers and letters in other `spellings`; right
functions in `rewrites` and broken ones by `mutations`, told from harmless ones by the `oracle` on
`varied` inputs; and `charts` by other routes or spoiled.
"""
