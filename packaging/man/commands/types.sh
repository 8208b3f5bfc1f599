# list the neutral types and what each engine makes of them
retort types
retort types "numeric(12,2)" --dialect sqlite
