#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace plumb::history {

/// The rows of a column: a vector of numbers that owns them, shares them with its copies until one of these is changed,
/// or borrows them from memory that somebody else keeps for as long (a snapshot mapped into memory). What changes a
/// shared or borrowed one copies it first, so read it as const, and keep no pointer to its rows for writing over a
/// copy. Cost: a copy of one that owns its rows, and one that borrows, cost nothing to make.
template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>, "rows are numbers");

 public:
  using value_type = T;
  using const_iterator = const T*;
  using iterator = T*;

  Array() = default;
  explicit Array(std::size_t size, T value = {}) { resize(size, value); }
  Array(std::initializer_list<T> values) { append(values.begin(), values.size()); }
  Array(const Array& other) {
    if (!other.owns()) {
      append(other.data_, other.size_);
      return;
    }
    data_ = other.data_, size_ = other.size_, capacity_ = other.capacity_;
    head()->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Array(Array&& other) noexcept { swap(other); }
  Array& operator=(Array other) noexcept {
    swap(other);
    return *this;
  }
  ~Array() { let_go(); }

  static Array borrow(std::span<const T> rows) {
    Array array;
    array.data_ = const_cast<T*>(rows.data());  // never written to while capacity_ is 0
    array.size_ = rows.size();
    return array;
  }

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  const T* data() const { return data_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  const T& operator[](std::size_t row) const { return data_[row]; }
  const T& front() const { return data_[0]; }
  const T& back() const { return data_[size_ - 1]; }
  friend bool operator==(const Array& a, const Array& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

  T* data() { return own(); }
  T* begin() { return own(); }
  T* end() { return own() + size_; }
  T& operator[](std::size_t row) { return own()[row]; }
  T& front() { return own()[0]; }
  T& back() { return own()[size_ - 1]; }

  void push_back(T value) {
    if (size_ < capacity_ && !shared()) {
      data_[size_++] = value;
    } else {
      *extend(1) = value;
    }
  }
  void append(const T* rows, std::size_t count) {
    if (count == 0) return;
    std::copy(rows, rows + count, extend(count));
  }
  /// Rows behind the last that hold anything until they are written.
  T* extend(std::size_t count) {
    if (size_ + count > capacity_) {
      reallocate(std::max({size_ + count, capacity_ * 2, std::size_t{16}}));
    } else if (shared()) {
      reallocate(capacity_);
    }
    T* const begin = data_ + size_;
    size_ += count;
    return begin;
  }
  /// Where the rows are that `extend` made: for writing at once what several threads write.
  T* room() { return data_; }
  void reserve(std::size_t size) {
    if (size > capacity_) reallocate(std::max(size, size_));
  }
  void resize(std::size_t size, T value = {}) {
    if (size > size_) {
      reserve(size);
      T* const begin = extend(size - size_);
      std::fill(begin, data_ + size_, value);
    }
    size_ = size;
  }
  void assign(std::size_t size, T value) {
    clear();
    resize(size, value);
  }
  void clear() { size_ = 0; }

 private:
  // In front of the rows.
  struct alignas(std::max_align_t) Head {
    std::atomic<std::size_t> holders{1};
  };
  static_assert(alignof(T) <= alignof(std::max_align_t));

  bool owns() const { return capacity_ > 0; }
  Head* head() const { return reinterpret_cast<Head*>(data_) - 1; }
  bool shared() const { return owns() && head()->holders.load(std::memory_order_acquire) > 1; }
  T* own() {
    if (size_ > 0 && (!owns() || shared())) reallocate(size_);
    return data_;
  }
  void reallocate(std::size_t capacity) {
    if (capacity > SIZE_MAX / 4 / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = sizeof(Head) + capacity * sizeof(T);
    const bool alone = owns() && !shared();
    void* const got = alone ? std::realloc(static_cast<void*>(head()), bytes) : std::malloc(bytes);
    if (got == nullptr) throw std::bad_alloc();
    if (!alone) {
      T* const rows = reinterpret_cast<T*>(new (got) Head + 1);
      std::copy(data_, data_ + size_, rows);
      let_go();
    }
    data_ = reinterpret_cast<T*>(static_cast<Head*>(got) + 1);
    capacity_ = capacity;
  }
  void let_go() {
    if (owns() && head()->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) std::free(head());
  }
  void swap(Array& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // 0: nothing is owned
};

}  // namespace plumb::history
