package dev.faultline.explore;

import java.util.Arrays;

/**
 * The strongly connected parts of a graph in arrays: Tarjan's algorithm in the form of Pearce,
 * which keeps one number a node, without recursion.
 */
final class Components {

  private final int[] first;
  private final int[] targets;
  private final int[] rank;
  private int visited = 1;
  private int closed = Integer.MAX_VALUE;
  private final Stack left = new Stack();
  // The way to the node that is visited: with each the edge that is looked at next, and whether
  // nothing on the way before it was reached from it.
  private final Stack way = new Stack();
  private final Stack edges = new Stack();
  private final Stack isRoot = new Stack();

  /** Numbers on top of one another. */
  private static final class Stack {
    private int[] numbers = new int[64];
    private int size;

    void push(int number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, size + (size >> 1));
      }
      numbers[size++] = number;
    }

    int pop() {
      return numbers[--size];
    }

    int top() {
      return numbers[size - 1];
    }

    void top(int number) {
      numbers[size - 1] = number;
    }

    boolean isEmpty() {
      return size == 0;
    }
  }

  private Components(int[] first, int[] targets) {
    this.first = first;
    this.targets = targets;
    this.rank = new int[first.length - 1];
  }

  /**
   * By node, the number of the part that it lies in; parts are numbered downwards from the largest
   * int.
   *
   * @param first by node, and one more: where its edges begin
   * @param targets by edge, the node that it leads to
   */
  static int[] of(int[] first, int[] targets) {
    Components components = new Components(first, targets);
    for (int node = 0; node < components.rank.length; node++) {
      if (components.rank[node] == 0) {
        components.visit(node);
      }
      while (!components.way.isEmpty()) {
        components.goOn();
      }
    }
    return components.rank;
  }

  private void visit(int node) {
    rank[node] = visited++;
    way.push(node);
    edges.push(first[node]);
    isRoot.push(1);
  }

  private void goOn() {
    int node = way.top();
    int edge = edges.top();
    if (edge == first[node + 1]) {
      leave(node);
      return;
    }
    int target = targets[edge];
    if (rank[target] == 0) {
      visit(target);
      return;
    }
    if (rank[target] < rank[node]) {
      rank[node] = rank[target];
      isRoot.top(0);
    }
    edges.top(edge + 1);
  }

  private void leave(int node) {
    way.pop();
    edges.pop();
    if (isRoot.pop() == 0) {
      left.push(node);
      return;
    }
    visited--;
    while (!left.isEmpty() && rank[node] <= rank[left.top()]) {
      rank[left.pop()] = closed;
      visited--;
    }
    rank[node] = closed--;
  }
}
