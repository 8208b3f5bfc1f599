# list the templates that init knows
retort list-templates
