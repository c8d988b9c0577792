#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace plumb::history {

/// The rows of a column: a vector of numbers that either owns them, or borrows them from memory that somebody else
/// keeps for as long (a snapshot mapped into memory). What changes a borrowed one copies it first, so read it as const.
/// Cost: growing moves no row where the system can move the pages; a borrowed one costs nothing to make.
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
  Array(const Array& other) { append(other.data_, other.size_); }
  Array(Array&& other) noexcept { swap(other); }
  Array& operator=(Array other) noexcept {
    swap(other);
    return *this;
  }
  ~Array() {
    if (owns()) std::free(data_);
  }

  static Array borrow(std::span<const T> rows) {
    Array array;
    array.data_ = const_cast<T*>(rows.data());  // never written to while capacity_ is 0
    array.size_ = rows.size();
    return array;
  }

  std::size_t size() const { return size_; }
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
    if (size_ >= capacity_) grow(size_ + 1);
    data_[size_++] = value;
  }
  void append(const T* rows, std::size_t count) {
    if (count == 0) return;
    if (size_ + count > capacity_) grow(size_ + count);
    std::copy(rows, rows + count, data_ + size_);
    size_ += count;
  }
  void reserve(std::size_t size) {
    if (size > capacity_) reallocate(std::max(size, size_));
  }
  void resize(std::size_t size, T value = {}) {
    if (size > size_) {
      if (size > capacity_) reallocate(size);
      std::fill(data_ + size_, data_ + size, value);
    }
    size_ = size;
  }
  void assign(std::size_t size, T value) {
    clear();
    resize(size, value);
  }
  void clear() { size_ = 0; }

 private:
  bool owns() const { return capacity_ > 0; }
  T* own() {
    if (!owns() && size_ > 0) reallocate(size_);
    return data_;
  }
  void grow(std::size_t needed) { reallocate(std::max({needed, capacity_ * 2, std::size_t{16}})); }
  void reallocate(std::size_t capacity) {
    if (capacity > SIZE_MAX / 2 / sizeof(T)) throw std::bad_alloc();
    void* moved = std::realloc(owns() ? static_cast<void*>(data_) : nullptr, capacity * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    if (!owns()) std::copy(data_, data_ + size_, static_cast<T*>(moved));
    data_ = static_cast<T*>(moved);
    capacity_ = capacity;
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
