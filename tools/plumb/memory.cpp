// How jemalloc keeps memory, where the program is linked with it (tools/cmake/PlumbDefaults.cmake); without it nothing
// reads this. A page that is touched for the first time costs far more than one that was touched before, and 512 small
// ones more than a large one: large pages where the system has them, and what is freed is kept for the next who asks, on
// whatever thread and however small his part of it is. Hardly anything is asked of one arena at a time, and of several
// each would have its own to touch.
extern "C" {
// NOLINTNEXTLINE: the name is jemalloc's
const char* malloc_conf =
    "narenas:1,thp:always,metadata_thp:auto,dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,"
    "lg_extent_max_active_fit:40";
}
