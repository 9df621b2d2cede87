# What doxygen reads otherwise than a repository's pages do: a link to a diagram, alone on its line, becomes the diagram.
s#^\[([^]]+)\]\((\.\./)*(docs/)?diagrams/([a-z-]+\.dot)\)$#\\dotfile \4 "\1"#
# The examples lie beside the pages.
s#\]\(\.\./examples/#](examples/#g
