# write a revision that joins branches
retort revision -m left --rev-id l1
retort revision -m right --rev-id r1 --head b2 --splice
#: Both heads in one:
retort merge heads -m "join left and right"
